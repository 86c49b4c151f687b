import { type Kysely, sql, type Transaction } from 'kysely'

/**
 * Runs `work` in a transaction that holds an advisory lock of that name, or returns null at once when
 * someone else holds it. The lock ends with the transaction, also when the process dies.
 */
export async function holdLock<T, R>(
  db: Kysely<T>,
  name: string,
  work: (trx: Transaction<T>) => Promise<R>,
): Promise<R | null> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ held: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) as held`.execute(trx)
    return rows[0]!.held ? work(trx) : null
  })
}
