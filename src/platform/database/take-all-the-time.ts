import { type Kysely, sql, type Transaction } from 'kysely'

/** Lifts statement_timeout for a transaction that reads whole tables; requests keep theirs. */
export async function takeAllTheTime<T>(trx: Kysely<T>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(trx)
}

/** Reads whole tables as they are at one moment, however long that takes. */
export function readSnapshot<T, Result>(
  db: Kysely<T>,
  read: (trx: Transaction<T>) => Promise<Result>,
): Promise<Result> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      await takeAllTheTime(trx)
      return read(trx)
    })
}
