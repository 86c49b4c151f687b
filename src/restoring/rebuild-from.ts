import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { keepSigned, logFolder, readSigned } from '../log/log-folder.ts'
import type { PublicLog } from '../log/public-log.ts'
import { checkExtends } from '../log/sequencing/check-extends.ts'
import { LOG_LOCK, LogRefusal, type LogWriter } from '../log/sequencing/log-writer.ts'
import { findState } from '../log/store/log-state.ts'
import { holdLock } from '../platform/database/locks.ts'
import { keepMark, RESTORED, readKeptMark, readMark, renewMark } from './database-mark.ts'
import { openCopy } from './open-copy.ts'
import {
  BEING_WRITTEN,
  type RebuildNeeds as LogNeeds,
  type Rebuilt,
  rebuildLog,
} from './rebuild-log.ts'
import { stopMailings } from './stop-mailings.ts'

const NO_COPY =
  'this DATA_DIR has no copy of the log, since this machine has never written it: give the newest copy with --from, a folder or an address, or, if nobody can have seen a longer log than the database has, --ends-here'

export interface RebuildNeeds extends LogNeeds {
  publicLog: Pick<PublicLog, 'openWriter'>
  whyClosed: () => Promise<string | null>
}

/**
 * Rebuilds the database's log from a copy: DATA_DIR's own, another folder, or a site that mirrors it.
 * The copy is checked whole, and must extend what this node has signed. A restored database that lacks
 * nothing of the log only becomes the site's own from here on.
 *
 * @param create see createLogWriter
 * @param endsHere the operator's word that nobody has seen a longer log than the database's
 * @returns null when nothing was missing
 * @throws LogRefusal, VerifyError
 */
export async function rebuildFrom(
  needs: RebuildNeeds,
  from: string | null,
  { create = true, endsHere = false } = {},
): Promise<Rebuilt | null> {
  const { db } = needs
  const writer = await needs.publicLog.openWriter({ create })
  const { signer, folder } = writer
  if (from === null && (await needs.whyClosed()) && (await lacksNothing(needs, writer, endsHere))) {
    const seen = await readKeptMark(folder)
    const held = await holdLock(db, LOG_LOCK, async (trx) => {
      await stopMailings(trx)
      await renewMark(trx, seen)
      await noteAction(trx, needs, { what: 'log rebuild', petition: null, after: { lacked: 0 } })
      return true
    })
    if (!held) throw new LogRefusal(BEING_WRITTEN)
    await keepNewMark(needs, folder)
    return null
  }
  if (from === null && !(await hasCopy(needs.config))) throw new LogRefusal(NO_COPY)
  const copy = await openCopy(from ?? folder, { key: signer.key, folder })
  const rebuilt = await rebuildLog(needs, copy)
  await keepSigned(folder, copy.source.checkpoint)
  await keepNewMark(needs, folder)
  return rebuilt
}

const hasCopy = (config: { dataDir: string }) =>
  access(join(logFolder(config), 'checkpoint')).then(
    () => true,
    () => false,
  )

/** Whether everything that was signed, as far as this node knows, is in the database's log. */
async function lacksNothing(
  { db }: { db: Db },
  writer: LogWriter,
  endsHere: boolean,
): Promise<boolean> {
  const isKept = (await readSigned(writer.folder)) !== null
  // Without the file nobody here knows what was signed, unless the log hasn't begun.
  if (!isKept && (await findState(db))!.signed !== null) return false
  // In a backup that means nothing, where the machine is new as well.
  const isRestored = (await readMark(db)).marked?.identity === RESTORED
  if (!isKept && !endsHere && isRestored && (await readKeptMark(writer.folder)) === 0) return false
  try {
    await checkExtends(db, writer)
    return true
  } catch (error) {
    if (error instanceof LogRefusal) return false
    throw error
  }
}

/** A crash before this leaves the database ahead of the file, which is evidence of nothing. */
async function keepNewMark({ db }: { db: Db }, folder: string): Promise<void> {
  await keepMark(folder, (await readMark(db)).marked!.count)
}
