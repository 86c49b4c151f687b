import type pg from 'pg'
import type { Database, Db } from '../../../src/database.ts'
import { type Connection, connect } from '../../../src/platform/database/connect.ts'
import type { Layout } from './layouts.ts'
import { makeTable } from './make-table.ts'

/** A layout of the table, filled, and a connection whose queries find that table. */
export interface Side {
  layout: Layout
  schema: string
  db: Db
  /** Signatures that it began with. */
  rows: number
  /** Bytes for each of them. */
  tableBytes: number
  indexBytes: number
  /** Seconds that filling and indexing took. */
  madeIn: number
  /** For what is about the server, or both sides. */
  sql: pg.Client
  /** Takes away what turns have added. */
  restore(): Promise<void>
  drop(): Promise<void>
}

export async function openSide(
  sql: pg.Client,
  url: string,
  { schema, layout, rows }: { schema: string; layout: Layout; rows: number },
): Promise<Side> {
  const begun = performance.now()
  await makeTable(sql, schema, layout, rows)
  const madeIn = (performance.now() - begun) / 1000
  const connection = connectTo(url, schema)
  return {
    layout,
    schema,
    db: connection.db,
    rows,
    ...(await bytesPerRow(sql, schema, rows)),
    madeIn,
    sql,
    async restore() {
      await sql.query(`delete from ${schema}.signature where id > ${rows}`)
      await sql.query(`vacuum ${schema}.signature`)
      // Random places: what was added to it has split pages that a new one has full.
      await sql.query(`reindex index ${schema}.signature_tag`)
    },
    async drop() {
      await connection.close()
      await sql.query(`drop schema ${schema} cascade`)
    },
  }
}

/** The program's queries name no schema: this one's table comes first. */
function connectTo(url: string, schema: string): Connection<Database> {
  const here = new URL(url)
  here.searchParams.set('options', `-c search_path=${schema},public`)
  return connect<Database>({
    url: here.href,
    max: 1,
    onError: (error) => {
      throw error
    },
  })
}

async function bytesPerRow(sql: pg.Client, schema: string, rows: number) {
  const { rows: sizes } = await sql.query<{ table: string; indexes: string }>(
    `select sum(pg_table_size(oid)) as table, sum(pg_indexes_size(oid)) as indexes from pg_class
      where relnamespace = $1::regnamespace and relname ~ '^signature' and relkind = 'r'`,
    [schema],
  )
  const { table, indexes } = sizes[0]!
  return { tableBytes: Number(table) / rows, indexBytes: Number(indexes) / rows }
}
