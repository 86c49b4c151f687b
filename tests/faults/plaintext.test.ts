import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { type Harness, startHarness } from '../support/harness.ts'
import { demoIdentity, openAll } from '../support/open-export.ts'
import { signAndConfirm } from '../support/signer.ts'

/**
 * Signs with values that occur nowhere else, seals, and looks for them in everything that PostgreSQL
 * wrote: rows, files, the write-ahead log; and in what the program logged.
 */
describe('after sealing', () => {
  const mark = `zq${randomBytes(6).toString('hex')}`
  const typed = {
    name: `${mark} Əliyeva`,
    email: `${mark}.mail@example.org`,
    postcode: mark.slice(0, 10),
    comment: `Because of ${mark}.`,
    updates: 'yes',
  }
  let harness: Harness
  let client: pg.Client
  let walBefore: string
  let details: Buffer
  before(async () => {
    harness = await startHarness()
    client = new pg.Client({ connectionString: harness.databaseUrl })
    await client.connect()
    walBefore = await value('select pg_walfile_name(pg_current_wal_lsn())')
    await signAndConfirm(harness, typed)
    details = await value('select details from submission')
    await harness.seal()
    await harness.work()
    await client.query('vacuum')
    await client.query('checkpoint')
  })
  after(async () => {
    await client.end()
    await harness.close()
  })

  // biome-ignore lint/suspicious/noExplicitAny: whatever the one column holds
  async function value(query: string, values: unknown[] = []): Promise<any> {
    const { rows } = await client.query({ text: query, values, rowMode: 'array' })
    return rows[0]?.[0]
  }

  /** Names of files in which the bytes occur. */
  async function findIn(files: string, bytes: Buffer, values: unknown[] = []): Promise<string[]> {
    const { rows } = await client.query(
      `select name from (${files}) f where position($1::bytea in pg_read_binary_file(name, 0, 1 << 28, true)) > 0`,
      [bytes, ...values],
    )
    return rows.map(({ name }) => name)
  }

  const TABLE_FILES = `
    select 'base/' || d.oid || '/' || name as name
      from pg_database d, lateral pg_ls_dir('base/' || d.oid) as name
     where d.datname = current_database()`
  const WAL_FILES = `
    select 'pg_wal/' || name as name from pg_ls_waldir() where name >= $2 and name ~ '^[0-9A-F]{24}$'`

  it('the search itself finds what is there', async () => {
    const shown = `qz${randomBytes(6).toString('hex')}`
    await signAndConfirm(harness, {
      name: `${shown} Seen`,
      email: 'seen@example.org',
      display: 'name',
    })
    await client.query('checkpoint')
    assert.notDeepEqual(await findIn(TABLE_FILES, Buffer.from(shown)), [], 'a public name')
    assert.notDeepEqual(await findIn(WAL_FILES, Buffer.from(shown), [walBefore]), [], 'in the WAL')
    assert.deepEqual((await openAll(harness))[0]!.comment, typed.comment)
  })

  it('nothing typed is in a file of the database or in its write-ahead log', async () => {
    for (const text of [mark, mark.toUpperCase()]) {
      assert.deepEqual(await findIn(TABLE_FILES, Buffer.from(text)), [])
      assert.deepEqual(await findIn(WAL_FILES, Buffer.from(text), [walBefore]), [])
    }
  })

  it('nothing typed is in a row of any table, jobs included, as text or as bytes', async () => {
    const { rows: tables } = await client.query(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('public', 'graphile_worker')`,
    )
    assert.ok(tables.length > 10)
    for (const { name } of tables) {
      const { rows } = await client.query(`select * from ${name}`)
      for (const cell of rows.flatMap((row) => Object.values(row))) {
        const text = Buffer.isBuffer(cell) ? cell.toString('latin1') : JSON.stringify(cell)
        assert.ok(!text?.includes(mark), name)
        if (Buffer.isBuffer(cell)) assert.ok(!cell.includes(details), `${name}: the server's copy`)
      }
    }
  })

  it('nothing typed was logged, nor does the organisers’ key lie in the database', async () => {
    assert.ok(!harness.logged.join().includes(mark))
    const key = Buffer.from(await demoIdentity(harness))
    assert.deepEqual(await findIn(TABLE_FILES, key), [])
  })
})
