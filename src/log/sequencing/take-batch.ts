import { advanceLoggedCounts, type LoggedSignature } from '../../count/advance-logged-counts.ts'
import type { Db } from '../../database.ts'
import { formatBundle } from '../core/entry/entry-bundle.ts'
import { formatHour, parseEntry } from '../core/entry/entry-line.ts'
import { TILE_WIDTH } from '../core/tree/tile.ts'
import { readBundles, writeBundles } from '../store/bundles-and-tiles.ts'
import { insertIndexes } from '../store/entry-indexes.ts'
import { addToCounts } from '../store/log-counts.ts'
import { type QueuedEntry, takeQueued } from '../store/log-queue.ts'
import { findState, setSequenced } from '../store/log-state.ts'
import type { Ready } from './hold-thin.ts'
import { holdLog, type LogWriter } from './log-writer.ts'

/** About 6 MB of memory and a quarter of a second; a larger queue takes several. */
export const BATCH = 16_384

/**
 * Step 1: gives the queued entries their indexes, for ever. One transaction: a crash before its end leaves all of
 * it in the queue, one after it all of it in the log, where the next step goes on.
 *
 * @returns how many entries were taken; null when another node writes, or an earlier batch is unfinished
 */
export async function takeBatch(
  db: Db,
  { clock, randomInt, figuresKey }: Pick<LogWriter, 'clock' | 'randomInt' | 'figuresKey'>,
  { limit = BATCH, ready = { petitions: null } }: { limit?: number; ready?: Ready } = {},
): Promise<number | null> {
  return holdLog(db, async (trx) => {
    const state = (await findState(trx))!
    if (state.sequenced !== state.integrated) return null
    const queued = await takeQueued(trx, limit, ready.petitions)
    const batch = inOrder(queued, randomInt)
    const size = state.sequenced + batch.length
    if (batch.length > 0) {
      await appendEntries(trx, state.sequenced, batch)
      await insertIndexes(trx, indexesOf(state.sequenced, batch))
      await addToCounts(trx, sumChanges(batch))
      await advanceLoggedCounts(trx, figuresKey, batch.flatMap(toLogged))
    }
    await setSequenced(trx, size, clock.now())
    return batch.length
  })
}

/**
 * A new text or key comes before the signatures that may be to it, in the order of the queue. All else
 * is shuffled (Fisher–Yates), so that an observer of the traffic can't tell whose entry is whose.
 */
function inOrder(queued: QueuedEntry[], randomInt: (below: number) => number): QueuedEntry[] {
  const notices = queued.filter(({ change }) => change === 0)
  const others = queued.filter(({ change }) => change !== 0)
  for (let last = others.length - 1; last > 0; last--) {
    const chosen = randomInt(last + 1)
    const moved = others[last]!
    others[last] = others[chosen]!
    others[chosen] = moved
  }
  return [...notices, ...others]
}

async function appendEntries(trx: Db, size: number, batch: QueuedEntry[]): Promise<void> {
  const first = Math.floor(size / TILE_WIDTH)
  const [edge] = size % TILE_WIDTH === 0 ? [] : await readBundles(trx, { from: first, to: first })
  const bundles: { n: number; entries: Uint8Array }[] = []
  for (let at = 0; at < batch.length; ) {
    const n = Math.floor((size + at) / TILE_WIDTH)
    const room = (n + 1) * TILE_WIDTH - (size + at)
    const entries = formatBundle(batch.slice(at, at + room).map(({ entry }) => entry))
    bundles.push({
      n,
      entries: at === 0 && edge ? Buffer.concat([edge.entries, entries]) : entries,
    })
    at += room
  }
  await writeBundles(trx, bundles)
}

function indexesOf(size: number, batch: QueuedEntry[]): { signatureId: string; index: number }[] {
  return batch.flatMap(({ signatureId }, at) =>
    signatureId === null ? [] : [{ signatureId, index: size + at }],
  )
}

function toLogged({ petitionId, change, entry, counted }: QueuedEntry): LoggedSignature[] {
  if (change === 0) return []
  const isWithdrawal = change === -1 && parseEntry(entry).kind === 'withdraw'
  const event = change === 1 ? 'confirmed' : isWithdrawal ? 'withdrawn' : 'voided'
  const hour = counted && formatHour(counted.confirmedAt)
  return [{ petitionId, event, counted: counted && { ...counted, hour: hour! } }]
}

function sumChanges(batch: QueuedEntry[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const { petitionId, change } of batch) {
    sums.set(petitionId, (sums.get(petitionId) ?? 0) + change)
  }
  return sums
}
