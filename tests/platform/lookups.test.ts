import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

/** An object literal by any string: it has a `constructor`, too. */
const TABLE = /: (?:Readonly<)?(?:Partial<)?Record<string,.*> = \{[^}]/
/** Why theirs can't be asked for what is no entry. */
const KEPT = new Map([
  [join('log', 'core', 'entry', 'parse-entry.ts'), 'asks Object.hasOwn; one file runs everywhere'],
  [join('sharing', 'share-links.ts'), 'is asked for its own keys alone'],
])

describe('a table that is asked by what comes from outside', () => {
  it('is a Map', () => {
    const found = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => TABLE.test(readFileSync(join('src', file), 'utf8')))
    assert.deepEqual(
      found.filter((file) => !KEPT.has(file)),
      [],
    )
  })
})
