import { sql } from 'kysely'
import type { Side } from './side.ts'

export interface Figures {
  /** Rows a second. */
  rate: number
  /** Bytes of the write-ahead log for each row. */
  walBytes: number
  /** Of the updates, those that stayed in their page and touched no index; null without updates. */
  heapOnly: number | null
}

/** @param work what is done to `rows` rows, on the side's own connection */
export async function meter(side: Side, rows: number, work: () => Promise<void>): Promise<Figures> {
  const before = await readCounters(side)
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  const after = await readCounters(side)
  const updates = after.updates - before.updates
  return {
    rate: rows / seconds,
    walBytes: (after.wal - before.wal) / rows,
    heapOnly: updates > 0 ? (after.heapOnly - before.heapOnly) / updates : null,
  }
}

async function readCounters(side: Side) {
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
