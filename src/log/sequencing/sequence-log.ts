import type { Db } from '../../database.ts'
import { findState } from '../store/log-state.ts'
import { checkExtends } from './check-extends.ts'
import { holdThin } from './hold-thin.ts'
import { integrateBatch } from './integrate-batch.ts'
import type { LogWriter } from './log-writer.ts'
import type { Pace } from './pace-batches.ts'
import { publishCheckpoint } from './publish-checkpoint.ts'
import { signCheckpoint } from './sign-checkpoint.ts'
import { takeBatch } from './take-batch.ts'

/**
 * Brings queued entries into the public log: indexes, tiles, signature, publication, each durable before
 * the next begins (c2sp.org/static-ct-api asks for the same order). Safe to repeat, to kill and to run on
 * several nodes at once: the next node to come finishes the unfinished steps of another.
 *
 * @param take false: only finish the steps that were begun
 * @returns how many entries joined the log here
 * @throws LogRefusal when the log must not go on
 */
export async function sequenceLog(
  db: Db,
  writer: LogWriter,
  { take = true } = {},
): Promise<number> {
  // Before any entry gets an index: a restored database must not give again those that the world has seen.
  await checkExtends(db, writer)
  let taken = 0
  await integrateAll(db)
  while (take) {
    // Before each batch: the entries that came while the last one was written may be too few for a batch.
    const ready = await holdThin(db, writer)
    const batch = ready && (await takeBatch(db, writer, { ready }))
    taken += batch ?? 0
    await integrateAll(db)
    if (!batch) break
  }
  const signed = await signCheckpoint(db, writer)
  if (signed) await publishCheckpoint(db, writer, signed)
  return taken
}

/**
 * One look of the sequencer: takes a batch when the pace says that one is due, and finishes at once the steps that
 * another node left unfinished. Batches keep to the clock, empty or not: an entry that comes after a quiet hour waits
 * for its batch like any other.
 *
 * @returns whether there was something to do
 * @throws LogRefusal when the log must not go on
 */
export async function sequenceWhenDue(db: Db, writer: LogWriter, isDue: Pace): Promise<boolean> {
  const { takenAt, sequenced, published } = (await findState(db))!
  const take = isDue(takenAt)
  if (!take && sequenced === published) return false
  await sequenceLog(db, writer, { take })
  return true
}

async function integrateAll(db: Db): Promise<void> {
  for (;;) {
    const { integrated, sequenced } = (await findState(db))!
    if (integrated === sequenced || (await integrateBatch(db)) === null) return
  }
}
