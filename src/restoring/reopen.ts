import type { Db } from '../database.ts'
import { copyLog } from '../log/copy-log.ts'
import { parseCheckpoint } from '../log/core/note/checkpoint.ts'
import { parseNote } from '../log/core/note/note.ts'
import { keepSigned, logFolder, readSigned, tagsFile } from '../log/log-folder.ts'
import { keepTags } from '../log/mailbox-tags.ts'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { findState } from '../log/store/log-state.ts'
import { readKeptMark, readMark } from './database-mark.ts'
import { type RebuildNeeds, rebuildFrom } from './rebuild-from.ts'
import type { Rebuilt } from './rebuild-log.ts'

/**
 * Opens a restored site again, on whatever proves how far its log had come: a copy of it, or the files of the
 * machine that went on writing it after the backup. A backup proves nothing: its log may have grown since, and a
 * log that goes on from an older state is a second history. So without proof the site stays closed, unless the
 * operator says that the log ends here.
 *
 * @returns what was rebuilt, null when nothing was missing; 'unproved' when nobody here knows what was signed
 * @throws LogRefusal, VerifyError
 */
export async function reopen(
  needs: RebuildNeeds,
  { from, endsHere }: { from: string | null; endsHere: boolean },
): Promise<Rebuilt | null | 'unproved'> {
  const { db, config } = needs
  const folder = logFolder(config)
  const kept = await readSigned(folder)
  const isProved = from !== null || (kept !== null && (await isLater(db, folder, kept.note)))
  if (!isProved && !endsHere) return 'unproved'
  if (isProved && endsHere) {
    throw new LogRefusal(
      `${from ?? kept!.path} tells how far the log had come, and nobody has to say so: leave that option out`,
    )
  }
  const note = (await findState(db))?.signedNote
  if (endsHere && !kept && note) await keepSigned(folder, note)
  const rebuilt = await rebuildFrom(needs, from, { create: false, endsHere })
  await copyFiles(needs)
  return rebuilt
}

/**
 * Whether this machine has written the log since the backup. Files that were themselves copied back from somewhere
 * may be as old as the backup, or older: their mark, which grows every minute, shows that. An equal mark is of the
 * minute in which both were copied, and proves nothing.
 */
async function isLater(db: Db, folder: string, note: Uint8Array): Promise<boolean> {
  const { size } = parseCheckpoint(parseNote(note).text)
  if (size < ((await findState(db))?.signed ?? 0)) return false
  return (await readKeptMark(folder)) > ((await readMark(db)).marked?.count ?? 0)
}

/** The files that a worker keeps, at once rather than with its next batch: the next restore may come before. */
async function copyFiles({ db, config }: RebuildNeeds): Promise<void> {
  const state = await findState(db)
  if (!state?.signed || !state.signedNote) return
  const { signed: size, published, publishedNote, signedNote } = state
  await keepTags(db, tagsFile(config), size)
  // The published one may bear the witnesses' signatures, too.
  const note = published === size && publishedNote ? publishedNote : signedNote
  await copyLog(db, logFolder(config), { size, note })
}
