import type { Db } from '../../database.ts'
import { findState } from '../store/log-state.ts'
import { checkExtends } from './check-extends.ts'
import { holdThin } from './hold-thin.ts'
import { integrateBatch } from './integrate-batch.ts'
import type { LogWriter } from './log-writer.ts'
import { publishCheckpoint } from './publish-checkpoint.ts'
import { signCheckpoint } from './sign-checkpoint.ts'
import { takeBatch } from './take-batch.ts'

/**
 * Brings what waits into the public log: places, tiles, signature, publication, each durable before the
 * next begins (c2sp.org/static-ct-api asks for the same order). Safe to repeat, to kill and to run on
 * several nodes at once: what one leaves unfinished the next to come finishes.
 *
 * @param take false: only finish what was begun
 * @returns how many entries joined the log here
 * @throws LogRefusal when the log must not go on
 */
export async function sequenceLog(
  db: Db,
  writer: LogWriter,
  { take = true } = {},
): Promise<number> {
  // Before anything is given a place: a restored database must not place again what the world has seen.
  await checkExtends(db, writer)
  let taken = 0
  await integrateAll(db)
  while (take) {
    // Before each batch: what came while the last one was written may be too little for one of its own.
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

async function integrateAll(db: Db): Promise<void> {
  for (;;) {
    const { integrated, sequenced } = (await findState(db))!
    if (integrated === sequenced || (await integrateBatch(db)) === null) return
  }
}
