import type pg from 'pg'

export interface Column {
  /** As PostgreSQL writes it, for example `timestamp with time zone`. */
  type: string
  /** Sorted, when the type is an enum; else null. */
  labels: string[] | null
  nullable: boolean
  /** A default other than an identity. */
  hasDefault: boolean
  /** Generated always as identity. */
  identity: boolean
}

/** Table to column to what the catalogue says. */
export type Schema = Map<string, Map<string, Column>>

/** Every table and view of the program's own; graphile-worker's lie in a schema of theirs. */
export async function readSchema(client: pg.Client): Promise<Schema> {
  const { rows } = await client.query<Column & { table: string; name: string }>(`
    select c.relname as "table",
           a.attname as name,
           format_type(a.atttypid, a.atttypmod) as type,
           (select array_agg(e.enumlabel::text order by e.enumlabel::text collate "C")
              from pg_enum e where e.enumtypid = a.atttypid) as labels,
           not a.attnotnull as nullable,
           a.atthasdef as "hasDefault",
           a.attidentity = 'a' as identity
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace
       and c.relkind in ('r', 'p', 'v', 'm')
       and c.relname not in ('kysely_migration', 'kysely_migration_lock')
       and a.attnum > 0
       and not a.attisdropped
     order by c.relname, a.attnum`)
  const schema: Schema = new Map()
  for (const { table, name, ...column } of rows) {
    const columns = schema.get(table) ?? new Map<string, Column>()
    schema.set(table, columns.set(name, column))
  }
  return schema
}
