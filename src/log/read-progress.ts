import { sql } from 'kysely'
import type { Db } from '../database.ts'

/** Enough to know how old the oldest are, and few enough to ask while millions wait. */
const LOOKED_AT = 1000
/** A queue is counted no further. */
const COUNTED = 100_000

/** How far the log's writing has come, for /metrics and the doctor. */
export interface LogProgress {
  /** When a worker last looked for a batch; null before the first. */
  takenAt: Date | null
  /** Entries with an index; entries at the published checkpoint. */
  sequenced: number
  published: number
  publishedAt: Date | null
  publishedNote: Uint8Array | null
  /** Entries that wait for a batch, up to `COUNTED`. */
  queued: number
  /** When the oldest of them was confirmed, by the order in which they came. */
  oldestQueued: Date | null
  /** That the published entries add up to, of all petitions. */
  signatures: number
}

/** @returns null before the log begins */
export async function readLogProgress(db: Db): Promise<LogProgress | null> {
  const { rows } = await sql<{
    taken_at: Date | null
    sequenced: string
    published: string | null
    published_at: Date | null
    published_note: Buffer | null
    queued: number
    oldest: Date | null
    signatures: number
  }>`
    select s.taken_at, s.sequenced, s.published, s.published_at, s.published_note,
           (select count(*)::int from (select from log_queue limit ${COUNTED}) q) as queued,
           (select min(confirmed_at) from (
              select confirmed_at from log_queue order by id limit ${LOOKED_AT}) q) as oldest,
           (select coalesce(sum(published), 0)::float8 from log_count) as signatures
      from log_state s`.execute(db)
  const row = rows[0]
  if (!row) return null
  return {
    takenAt: row.taken_at,
    sequenced: Number(row.sequenced),
    published: Number(row.published ?? 0),
    publishedAt: row.published_at,
    publishedNote: row.published_note,
    queued: row.queued,
    oldestQueued: row.oldest,
    signatures: row.signatures,
  }
}
