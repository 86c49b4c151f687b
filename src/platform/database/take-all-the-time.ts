import { type Kysely, sql } from 'kysely'

/** For a transaction that reads whole tables: the limit that keeps requests short must not end it. */
export async function takeAllTheTime<T>(trx: Kysely<T>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(trx)
}
