import type { Db } from '../../database.ts'
import { copyLog, keepCopied } from '../copy-log.ts'
import { keepTags } from '../mailbox-tags.ts'
import { findState, setPublished } from '../store/log-state.ts'
import type { LogWriter } from './log-writer.ts'

/**
 * Step 4: copies the new files out of the database, asks the witnesses, and shows the checkpoint to
 * everybody. The copy and the tags come first, so that all that the world has seen can be rebuilt. A crash
 * anywhere leaves a signed checkpoint that the next run publishes. Witnesses that were late are asked
 * again when nothing is new.
 */
export async function publishCheckpoint(
  db: Db,
  writer: LogWriter,
  signed: { size: number; note: Uint8Array },
): Promise<void> {
  const { size } = signed
  const { published, publishedNote } = (await findState(db))!
  const before = published === size ? publishedNote! : signed.note
  await keepTags(db, writer.tagsFile, size)
  await copyLog(db, writer.folder, { size, note: before })
  const note = await writer.cosign(before)
  if (published === size && note.length === before.length) return
  await setPublished(db, { size, note, now: writer.clock.now() })
  await keepCopied(writer.folder, note)
}
