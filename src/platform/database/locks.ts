import { type Kysely, sql, type Transaction } from 'kysely'
import { hasSqlState } from './sql-state.ts'

const ATTEMPTS = 5

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

/**
 * For writes that record something that has happened already, such as a mail sent, and so must not be lost to a
 * deadlock. PostgreSQL aborts one of two statements that wait for each other; here it is tried again from a
 * savepoint in the same transaction.
 */
export async function retryDeadlocks<T>(trx: Kysely<T>, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await sql`savepoint before_work`.execute(trx)
    try {
      return await work()
    } catch (error) {
      if (attempt === ATTEMPTS || !hasSqlState(error, 'deadlock')) throw error
      await sql`rollback to savepoint before_work`.execute(trx)
    }
  }
}
