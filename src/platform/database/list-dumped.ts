import type pg from 'pg'

/**
 * What of a database is dumped: the rows of the tables and the values of the sequences, in the site's own schema
 * and graphile-worker's. Not which migrations have run: a restore runs them.
 */

/** The tables in which Kysely and graphile-worker keep their migrations. */
const LEFT_OUT = ['kysely_migration', 'kysely_migration_lock', 'migrations']

export interface DumpedTable {
  schema: string
  name: string
  /** As PostgreSQL last counted them, roughly. */
  rows: number
  /** `schema.name`, quoted where it has to be. */
  relation: string
  /** Quoted, in the order of their names: the same wherever the same migrations have run. */
  columns: string
}

export const copyFrom = ({ relation, columns }: DumpedTable) =>
  `COPY ${relation} (${columns}) FROM stdin;\n`

/** Each after the tables that it refers to. */
export async function listTables(client: pg.Client): Promise<DumpedTable[]> {
  const { rows } = await client.query<DumpedTable & { oid: number; refers: number[] }>(
    `select c.oid::int, n.nspname as schema, c.relname as name, greatest(c.reltuples, 0)::float8 as rows,
            format('%I.%I', n.nspname, c.relname) as relation,
            (select string_agg(quote_ident(attname), ', ' order by attname collate "C") from pg_attribute
              where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
            array(select confrelid::int from pg_constraint
                   where conrelid = c.oid and contype = 'f' and confrelid <> c.oid) as refers
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in (current_schema(), 'graphile_worker') and c.relkind = 'r'
        -- Unlogged ones are for the moment: nobody should be able to restore them.
        and c.relpersistence = 'p' and c.relname <> all ($1)
      order by n.nspname, c.relname`,
    [LEFT_OUT],
  )
  const sorted: typeof rows = []
  while (sorted.length < rows.length) {
    const listed = new Set(sorted.map(({ oid }) => oid))
    const next = rows.filter(
      ({ oid, refers }) => !listed.has(oid) && refers.every((other) => listed.has(other)),
    )
    if (next.length === 0) throw new Error('tables refer to each other in a circle')
    sorted.push(...next)
  }
  return sorted
}

export interface DumpedSequence {
  schema: string
  name: string
  relation: string
}

export async function listSequences(client: pg.Client): Promise<DumpedSequence[]> {
  const { rows } = await client.query<DumpedSequence>(
    `select n.nspname as schema, c.relname as name, format('%I.%I', n.nspname, c.relname) as relation
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in (current_schema(), 'graphile_worker') and c.relkind = 'S'
      order by n.nspname, c.relname`,
  )
  return rows
}
