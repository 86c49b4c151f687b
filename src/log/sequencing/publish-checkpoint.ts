import type { Db } from '../../database.ts'
import { copyLog } from '../keeping/copy-log.ts'
import { findState, setPublished } from '../store/log-state.ts'
import type { LogWriter } from './log-writer.ts'

/**
 * Step 4: asks the witnesses, shows the checkpoint to everybody, and brings the copy outside the
 * database up to it. A crash anywhere leaves a signed checkpoint that the next run publishes, or a copy
 * that the next run completes.
 */
export async function publishCheckpoint(
  db: Db,
  writer: LogWriter,
  { size, note }: { size: number; note: Uint8Array },
): Promise<void> {
  const { published, publishedNote } = (await findState(db))!
  if (published !== size) {
    const cosigned = await writer.cosign(note, size)
    await setPublished(db, { size, note: cosigned, now: writer.clock.now() })
  } else if (publishedNote) {
    await retryWitnesses(db, writer, { size, note: publishedNote })
  }
  await copyLog(db, writer.folder)
}

/** Witnesses that were late the last time may sign now. */
async function retryWitnesses(
  db: Db,
  writer: LogWriter,
  { size, note }: { size: number; note: Uint8Array },
): Promise<void> {
  const cosigned = await writer.cosign(note, size)
  if (cosigned.length === note.length) return
  await setPublished(db, { size, note: cosigned, now: writer.clock.now() })
}
