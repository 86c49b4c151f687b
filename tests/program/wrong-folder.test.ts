import assert from 'node:assert/strict'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { type Outcome, runProgram } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { createTestDatabase, runSql, type TestDatabase } from '../support/test-database.ts'

/** Every command that asks the database, each as a person would call it. */
const COMMANDS = [
  ['petition', 'list'],
  ['petition', 'close', 'cop29-baku'],
  ['link', 'create', 'cop29-baku', '--name', 'A partner'],
  ['comment', 'list', 'cop29-baku'],
  ['keys', 'list'],
  ['log', 'status'],
  ['log', 'vkey'],
  ['log', 'rebuild'],
  ['export', 'counts', 'cop29-baku'],
  ['export', 'signatures', 'cop29-baku', '--out', 'unwritten.jsonl'],
  ['subscriber', 'export', 'cop29-baku', '--out', 'unwritten.age'],
  ['void', 'cop29-baku', '1', '--reason', 'test'],
]
const MIGRATE = [['migrate'], ['migrate', 'status'], ['migrate', 'down']]
const SECRET_KEY = Buffer.alloc(32, 7).toString('base64')

describe('a command with a wrong folder or database', () => {
  let folder: string
  let data: string
  beforeEach(async () => {
    folder = temporaryFolder()
    data = join(folder, 'typo', 'data')
  })

  const everything = async () => (await readdir(folder, { recursive: true })).sort()

  async function runAll(
    commands: string[][],
    environment: Record<string, string>,
  ): Promise<(Outcome & { command: string })[]> {
    const outcomes = []
    for (const line of commands) {
      const outcome = await runProgram(line, { DATA_DIR: data, ...environment }).ended
      outcomes.push({ ...outcome, command: line.join(' ') })
    }
    return outcomes
  }

  async function assertRefused(
    commands: string[][],
    environment: Record<string, string>,
    words: RegExp,
  ): Promise<void> {
    const before = await everything()
    for (const { command, code, output, errors } of await runAll(commands, environment)) {
      assert.deepEqual([code, output], [1, ''], command + errors)
      assert.match(errors, /^undersigned: [^\n]*\n$/, command)
      assert.match(errors, words, command)
    }
    assert.deepEqual(await everything(), before, 'no trace')
  }

  it('makes no folder, no key and no database, and says where it looked and what to set', async () => {
    const looked = new RegExp(
      `there is no database in ${data.replaceAll('\\', '\\\\')}, .*set DATA_DIR .*, or DATABASE_URL`,
    )
    await assertRefused([...COMMANDS, ...MIGRATE], {}, looked)
  })

  it('leaves a folder of something else as it is', async () => {
    await mkdir(join(data, 'postgres'), { recursive: true })
    await writeFile(join(data, 'thesis.txt'), 'by somebody else')
    await assertRefused([COMMANDS[0]!, MIGRATE[0]!], {}, /there is no database in/)
    await rm(data, { recursive: true })
    await writeFile(data, 'a file')
    await assertRefused([COMMANDS[5]!], {}, /there is no database in/)
  })

  describe('with a database of its own', () => {
    let database: TestDatabase
    beforeEach(async () => {
      database = await createTestDatabase()
    })
    afterEach(() => database.drop())

    it('makes no second key beside the site’s: neither the server’s nor the log’s', async () => {
      const environment = { DATABASE_URL: database.url }
      await assertRefused(COMMANDS.slice(0, 1), environment, /there is no folder .*set DATA_DIR/)
      await mkdir(data, { recursive: true })
      await assertRefused(
        [COMMANDS[0]!, COMMANDS[5]!, COMMANDS[10]!],
        environment,
        /secrets.server-key is not there, .*set DATA_DIR .*, or SECRET_KEY/,
      )
      await assertRefused(
        [
          ['log', 'status'],
          ['log', 'vkey'],
          ['log', 'rebuild'],
        ],
        { ...environment, SECRET_KEY },
        /secrets.log-key is not there, .*set DATA_DIR .*, or LOG_KEY/,
      )
      const list = await runProgram(['petition', 'list'], {
        ...environment,
        SECRET_KEY,
        DATA_DIR: data,
      }).ended
      assert.equal(list.code, 0, list.errors)
    })

    it('makes no tables where there are none, unless it is asked to', async () => {
      await mkdir(data, { recursive: true })
      await runSql(database.url, 'drop schema public cascade; create schema public')
      await runSql(database.url, 'drop schema if exists graphile_worker cascade')
      const environment = { DATABASE_URL: database.url, SECRET_KEY }
      await assertRefused(
        [COMMANDS[0]!, COMMANDS[8]!],
        environment,
        /the database has no tables of Undersigned: check DATABASE_URL/,
      )
      await rm(data, { recursive: true })
      const [up, status, down] = await runAll(MIGRATE, { DATABASE_URL: database.url })
      assert.match(up!.output, /^0001_\w+ applied\n/, up!.errors)
      assert.doesNotMatch(status!.output, /pending/)
      assert.match(down!.output, / taken back\n$/)
      assert.deepEqual(await everything(), ['typo'], 'it needs no folder')
    })
  })
})
