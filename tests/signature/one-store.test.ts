import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

const STORE = 'signature/store'
const TABLES =
  '(signature|submission|public_name|comment|sealed_record|tally_queue|sealing_queue)\\b'
const WRITES = new RegExp(
  [
    `\\b(insert into|update|delete from|truncate|merge into)\\s+${TABLES}`,
    `\\.(insertInto|updateTable|deleteFrom|mergeInto)\\(\\s*'${TABLES}`,
  ].join('|'),
  'gi',
)
/** count/ empties the queue that the store fills. */
const CONSUMES = /delete ?from\W*tally_queue/i

describe('statements that write the tables of signatures', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const writesOf = (file: string) =>
    [...readFileSync(join('src', file), 'utf8').matchAll(WRITES)].map(([words]) => words)

  it('stand in the store', () => {
    const inStore = files.filter((file) => file.startsWith(STORE)).flatMap(writesOf)
    assert.ok(inStore.length > 20)
  })

  it('stand nowhere else', () => {
    const others = files
      .filter((file) => !file.startsWith(STORE))
      .flatMap((file) => writesOf(file).map((words) => `${file}: ${words}`))
      .filter((found) => !(found.startsWith('count/') && CONSUMES.test(found)))
    assert.deepEqual(others, [])
  })
})
