import { sql } from 'kysely'
import type { Side } from './side.ts'

/** What PostgreSQL has counted: bytes of its log, and updates of a side's tables. */
export interface Counters {
  wal: number
  updates: number
  heapOnly: number
}

export async function readCounters(side: Side): Promise<Counters> {
  // Else a connection tells of its updates once a second at most.
  await sql`select pg_stat_force_next_flush()`.execute(side.db)
  const { rows } = await side.sql.query<{ wal: string; updates: string; hot: string }>(
    `select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as wal,
            sum(n_tup_upd) as updates, sum(n_tup_hot_upd) as hot
       from pg_stat_user_tables where schemaname = $1`,
    [side.schema],
  )
  const { wal, updates, hot } = rows[0]!
  return { wal: Number(wal), updates: Number(updates), heapOnly: Number(hot) }
}
