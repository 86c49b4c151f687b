import { LONGEST_WAIT } from '../../count/public-figures.ts'
import type { Db } from '../../database.ts'
import { ago } from '../../platform/clock.ts'
import { listQueuedPetitions, type QueuedPetition, setWaiting } from '../store/log-counts.ts'
import { holdLog, type LogWriter } from './log-writer.ts'

/** Petitions by id, since entries that come after the look must wait for the next one. */
export interface Ready {
  /** Ids of petitions whose signatures may go; null for all. */
  petitions: number[] | null
}

/**
 * Holds back the entries of guarded petitions whose next batch would be thin: with so few confirmations
 * that an observer would know whose they are. A withdrawal waits likewise, since its entry names the
 * signature's. Entries that have waited for six hours go, and the verify page says so. A clock that is set back makes
 * them wait for six hours from then on, not until its old time comes again.
 *
 * @returns the petitions whose entries may be taken; null when another node writes
 */
export async function holdThin(
  db: Db,
  { clock, minBatch }: Pick<LogWriter, 'clock' | 'minBatch'>,
): Promise<Ready | null> {
  if (minBatch <= 1) return { petitions: null }
  const now = clock.now()
  // Another node that writes looks by itself: taking without a look might take entries that should wait.
  return holdLog(db, async (trx) => {
    const rows = await listQueuedPetitions(trx, minBatch)
    const thin = rows.filter((row) => row.thin)
    const isDue = ({ waiting_since }: QueuedPetition) =>
      waiting_since !== null && waiting_since <= ago(clock, LONGEST_WAIT)
    const due = thin.filter(isDue).map((row) => row.petition_id)
    const waiting = thin.filter((row) => !isDue(row)).map((row) => row.petition_id)
    await setWaiting(trx, { waiting, due, now })
    const ready = rows.filter((row) => !waiting.includes(row.petition_id))
    return { petitions: ready.map((row) => row.petition_id) }
  })
}
