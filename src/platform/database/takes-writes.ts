import { type Kysely, sql } from 'kysely'
import { hasSqlState, SQL_STATE } from './sql-state.ts'

/**
 * False for a standby, for a former primary after a failover, and where the administrator refuses writes. The
 * refusal comes as the error of a write, so that the pool leaves connections that lead to a former primary, also on
 * a node that nobody sends forms to for as long as it isn't ready.
 */
export async function takesWrites<T>(db: Kysely<T>): Promise<boolean> {
  try {
    await sql.raw(REFUSE_LIKE_A_WRITE).execute(db)
    return true
  } catch (error) {
    if (hasSqlState(error, 'readOnly')) return false
    throw error
  }
}

const REFUSE_LIKE_A_WRITE = `do $$ begin
  if pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' then
    raise exception using errcode = '${SQL_STATE.readOnly}', message = 'the database takes no writes';
  end if;
end $$`
