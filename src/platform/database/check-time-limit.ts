import { type Kysely, sql } from 'kysely'

/** True when the server ends a statement that takes too long, whoever told it to. */
export async function hasTimeLimit<T>(db: Kysely<T>): Promise<boolean> {
  const { rows } = await sql<{ limit: string }>`
    select current_setting('statement_timeout') as limit`.execute(db)
  return rows[0]!.limit !== '0'
}
