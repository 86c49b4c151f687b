import { copyLog } from '../log/copy-log.ts'
import { keepSigned, logFolder, readSigned, tagsFile } from '../log/log-folder.ts'
import { keepTags } from '../log/mailbox-tags.ts'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { findState } from '../log/store/log-state.ts'
import { type RebuildNeeds, rebuildFrom } from './rebuild-from.ts'
import type { Rebuilt } from './rebuild-log.ts'

/**
 * Opens a restored site again, on whatever proves how far its log had come: a copy of it, or what this machine
 * has signed. A backup proves nothing: its log may have grown since, and a log that goes on from an older
 * state is a second history. So without proof the site stays closed, unless the operator says that the log ends here.
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
  if (from === null && !kept) {
    if (!endsHere) return 'unproved'
    const note = (await findState(db))?.signedNote
    if (note) await keepSigned(folder, note)
  } else if (endsHere) {
    throw new LogRefusal(
      `${kept?.path ?? from} tells how far the log had come: nobody's word is needed; leave that option out`,
    )
  }
  const rebuilt = await rebuildFrom(needs, from, { create: false })
  await copyFiles(needs)
  return rebuilt
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
