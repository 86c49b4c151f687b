import type { Harness } from './harness.ts'
import { runSql } from './test-database.ts'

/** Takes a backup of all data; what it returns brings the database back to this moment. */
export async function takeBackup({ databaseUrl }: Harness): Promise<() => Promise<void>> {
  const { rows: tables } = await runSql(
    databaseUrl,
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'kysely%'`,
  )
  const { rows: sequences } = await runSql(
    databaseUrl,
    `select sequencename as name, coalesce(last_value, 1) as value, last_value is not null as called
       from pg_sequences where schemaname = 'public'`,
  )
  const names = tables.map(({ name }: { name: string }) => name)
  await runSql(databaseUrl, 'drop schema if exists backup cascade; create schema backup')
  for (const name of names) {
    await runSql(databaseUrl, `create table backup.${name} as table public.${name}`)
  }
  return async () => {
    await runSql(
      databaseUrl,
      // As by other means than the program's own: no trigger refuses it.
      `set session_replication_role = replica; truncate ${names.map((name) => `public.${name}`).join(', ')} cascade`,
    )
    // The order of foreign keys doesn't matter to who replays a backup.
    const inserts = names.map(
      (name) => `insert into public.${name} overriding system value select * from backup.${name};`,
    )
    const values = sequences.map(
      ({ name, value, called }: { name: string; value: string; called: boolean }) =>
        `select setval('public.${name}', ${value}, ${called});`,
    )
    await runSql(
      databaseUrl,
      `set session_replication_role = replica; ${inserts.join('\n')} ${values.join('\n')}`,
    )
  }
}
