import { type Kysely, sql, type Transaction } from 'kysely'

/**
 * Runs `work` in a transaction that holds an advisory lock of that name, or returns null at once when
 * someone else holds it. The lock ends with the transaction, also when the process dies.
 *
 * @param idleMs without a statement for so long, PostgreSQL ends the transaction: a process that is frozen, as by
 *   SIGSTOP, must not keep others from the work. What it does when it wakes fails, and is tried again
 */
export async function holdLock<T, R>(
  db: Kysely<T>,
  name: string,
  work: (trx: Transaction<T>) => Promise<R>,
  { idleMs }: { idleMs?: number } = {},
): Promise<R | null> {
  return holdLocks(db, [name], async (trx, held) => {
    if (!held.has(name)) return null
    if (idleMs) {
      await sql`select set_config('idle_in_transaction_session_timeout', ${String(idleMs)}, true)`.execute(
        trx,
      )
    }
    return work(trx)
  })
}

/** The same for several names at once; `work` is told which of them nobody else held. */
export async function holdLocks<T, R>(
  db: Kysely<T>,
  names: string[],
  work: (trx: Transaction<T>, held: ReadonlySet<string>) => Promise<R>,
): Promise<R> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ name: string }>`
      select name from unnest(${names}::text[]) as name
       where pg_try_advisory_xact_lock(hashtextextended(name, 0))`.execute(trx)
    return work(trx, new Set(rows.map(({ name }) => name)))
  })
}
