import { performance } from 'node:perf_hooks'
import { type Kysely, sql } from 'kysely'
import { inTime } from '../in-time.ts'
import { repeat } from '../jobs/repeat.ts'
import type { Connection } from './connect.ts'

/** Between two looks at the replica's WAL position: reads from it are at most some three seconds old. */
const LOOK_EVERY_MS = 1000
/** After this the primary is asked: no reader waits for a machine that hangs. */
const PATIENCE_MS = 1000
const LATE = 'it did not answer in time'
/** A query of the primary that was not answered by then is given up. */
const UNANSWERED_MS = 30_000
/** A replica that failed is not asked for so long. */
const PAUSE_MS = 3000

/** Reads of public data: from the replica while it keeps up, else from the primary. */
export interface PublicReads<T> {
  /**
   * @param work may run twice: on the replica, then on the primary
   * @param isFresh false for an answer that is older than one given before, or lacks rows that must be
   *   there: then the primary is asked
   */
  read<R>(work: (db: Kysely<T>) => Promise<R>, isFresh?: (answer: R) => boolean): Promise<R>
  /** Begins to look at the replica; until then only the primary is asked. */
  watch(): { stop(): Promise<void> }
}

interface ReplicaLogger {
  info(message: string): void
  warn(fields: object, message: string): void
}

/** @param open opens a new pool for the replica, or is null where there is none */
export function createPublicReads<T>(
  primary: Kysely<T>,
  open: (() => Connection<T>) | null,
  logger: ReplicaLogger,
): PublicReads<T> {
  let replica: Connection<T> | null = null
  let keepsUp = false
  /** The place of public reads that was logged last. */
  let told: 'primary' | 'replica' | null = null
  let notBefore = 0
  /** The primary's LSN at the last look, which the replica must have replayed by now. */
  let position: string | null = null
  /** A primary that hangs is not asked again before it has answered: each question holds a connection. */
  let asking: Promise<string> | null = null
  let askedAt = 0

  function giveUp(error: unknown): void {
    keepsUp = false
    notBefore = performance.now() + PAUSE_MS
    // Queries on connections to a machine that hangs would hang, too: the next look opens a new pool.
    void replica?.close().catch(() => {})
    replica = null
    if (told === 'primary') return
    told = 'primary'
    logger.warn(
      { err: error },
      'the replica is not read from for now: the primary is asked instead',
    )
  }

  async function look(): Promise<void> {
    const expected = position
    // While the primary is away the position stays: the replica goes on answering.
    if (performance.now() - askedAt > UNANSWERED_MS) asking = null
    if (!asking) {
      const question = readPosition(primary).finally(() => {
        if (asking === question) asking = null
      })
      asking = question
      askedAt = performance.now()
    }
    position = await inTime(asking, PATIENCE_MS, LATE).catch(() => position)
    if (!expected || performance.now() < notBefore) return
    replica ??= open!()
    const looked = replica
    try {
      const hasIt = await inTime(hasReplayed(looked.db, expected), PATIENCE_MS, LATE)
      if (looked !== replica) return
      if (!hasIt) return giveUp(new Error('it lags behind the primary'))
      keepsUp = true
      if (told === 'replica') return
      told = 'replica'
      logger.info('public reads go to the replica')
    } catch (error) {
      if (looked === replica) giveUp(error)
    }
  }

  return {
    async read(work, isFresh = () => true) {
      const asked = keepsUp ? replica : null
      if (asked) {
        try {
          const answer = await inTime(work(asked.db), PATIENCE_MS, LATE)
          if (isFresh(answer)) return answer
        } catch (error) {
          if (asked === replica) giveUp(error)
        }
      }
      return work(primary)
    },
    watch() {
      if (!open) return { stop: async () => {} }
      const looks = repeat({ every: LOOK_EVERY_MS, work: look, onError: giveUp })
      return {
        async stop() {
          await looks.stop()
          keepsUp = false
          await replica?.close()
          replica = null
        },
      }
    },
  }
}

async function readPosition<T>(primary: Kysely<T>): Promise<string> {
  const { rows } = await sql<{ position: string }>`
    select pg_current_wal_lsn()::text as position`.execute(primary)
  return rows[0]!.position
}

/** LSNs rather than times: an idle primary makes no replica look late, and a paused replica can't hide. */
async function hasReplayed<T>(replica: Kysely<T>, position: string): Promise<boolean> {
  // A managed service without replicas may lead to the primary itself, which will do.
  const { rows } = await sql<{ has: boolean | null }>`
    select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end
           >= ${position}::pg_lsn as has`.execute(replica)
  return rows[0]!.has === true
}
