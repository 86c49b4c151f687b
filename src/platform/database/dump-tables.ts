import { pipeline } from 'node:stream'
import { createDeflate } from 'node:zlib'
import type pg from 'pg'
import { copyOut } from './copy-stream.ts'
import { BLOCK_OF_DATA, type DumpEntry, encodeHead, encodeInt } from './dump-format.ts'
import { copyFrom, type DumpedSequence, type DumpedTable, listSequences } from './list-dumped.ts'

/** Most of the bytes are random: sealed records, hashes. A higher level takes longer and gains nothing. */
const ZLIB_LEVEL = 1

/** How rows look as text must not hang on the server's settings; the same as pg_dump's. */
const SETTINGS = `
  set local statement_timeout = 0; set local lock_timeout = 0;
  set local idle_in_transaction_session_timeout = 0; set local client_encoding = 'UTF8';
  set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local extra_float_digits = 3;
  set local bytea_output = 'hex'; set local timezone = 'UTC'; set local row_security = off`

/**
 * Begins a transaction that sees the database as it is at one moment. The locks come first: TRUNCATE, which a
 * rebuild of the log uses, would otherwise empty a table under a reader that has begun before.
 */
export async function beginSnapshot(client: pg.Client, tables: DumpedTable[]): Promise<void> {
  await client.query('begin isolation level repeatable read read only')
  const names = tables.map(({ relation }) => relation)
  await client.query(`lock table ${names.join(', ')} in access share mode`)
  await client.query(SETTINGS)
  // Since PostgreSQL 17.
  await client.query(
    `select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`,
  )
}

/**
 * The rows of all tables, in pg_dump's custom format. The schema isn't in it: migrations make that, so that
 * a restore runs no statement out of a file.
 *
 * @param client in a snapshot
 */
export async function* dumpTables(
  client: pg.Client,
  tables: DumpedTable[],
  { made, onRow }: { made: Date; onRow: () => void },
): AsyncGenerator<Buffer, void> {
  const { rows } = await client.query<{ database: string; version: string }>(
    `select current_database() as database, current_setting('server_version') as version`,
  )
  const { database, version } = rows[0]!
  const settings = [
    setting('ENCODING', `SET client_encoding = 'UTF8';\n`),
    setting('STDSTRINGS', `SET standard_conforming_strings = 'on';\n`),
    setting('SEARCHPATH', `SELECT pg_catalog.set_config('search_path', '', false);\n`),
  ]
  const contents = tables.map(
    (table): Unnumbered => ({
      tag: table.name,
      kind: 'TABLE DATA',
      section: 'data',
      schema: table.schema,
      statement: null,
      copy: copyFrom(table),
    }),
  )
  const sequences: Unnumbered[] = []
  for (const sequence of await listSequences(client)) {
    sequences.push(await readSequence(client, sequence))
  }
  const entries = [...settings, ...contents, ...sequences].map((entry, at) => ({
    id: at + 1,
    ...entry,
  }))
  yield encodeHead({ made, database, serverVersion: version }, entries)
  for (const [at, table] of tables.entries()) {
    yield Buffer.concat([Buffer.from([BLOCK_OF_DATA]), encodeInt(settings.length + at + 1)])
    yield* dumpRows(client, table, onRow)
    yield encodeInt(0)
  }
}

type Unnumbered = Omit<DumpEntry, 'id'>

function setting(tag: string, statement: string): Unnumbered {
  return { tag, kind: tag, section: 'before', schema: null, statement, copy: null }
}

async function readSequence(
  client: pg.Client,
  { schema, name, relation }: DumpedSequence,
): Promise<Unnumbered> {
  const { rows } = await client.query<{ value: string; called: boolean }>(
    `select last_value as value, is_called as called from ${relation}`,
  )
  const { value, called } = rows[0]!
  const statement = `SELECT pg_catalog.setval('${relation}', ${value}, ${called});\n`
  return { tag: name, kind: 'SEQUENCE SET', section: 'data', schema, statement, copy: null }
}

/** Compressed, in pieces that each say how long they are; after the rows the end that psql knows. */
async function* dumpRows(client: pg.Client, { relation, columns }: DumpedTable, onRow: () => void) {
  const deflate = createDeflate({ level: ZLIB_LEVEL })
  const text = `COPY ${relation} (${columns}) TO STDOUT`
  // A failure of the COPY is thrown by the loop below, too.
  pipeline(withEnd(copyOut(client, text, onRow)), deflate, () => {})
  for await (const piece of deflate as AsyncIterable<Buffer>) {
    yield Buffer.concat([encodeInt(piece.length), piece])
  }
}

async function* withEnd(rows: AsyncIterable<Buffer>) {
  yield* rows
  yield Buffer.from('\\.\n\n\n')
}
