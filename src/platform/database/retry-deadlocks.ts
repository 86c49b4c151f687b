import { type Kysely, sql } from 'kysely'
import { hasSqlState } from './sql-state.ts'

const ATTEMPTS = 5

/**
 * For what must not be lost to a deadlock with others' rows, because what it notes has happened already:
 * of two who wait for each other PostgreSQL ends one, who here tries again within the same transaction.
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
