import type { Db } from '../database.ts'
import { parseCheckpoint } from '../log/core/note/checkpoint.ts'
import { parseNote } from '../log/core/note/note.ts'
import { logFolder, readSigned } from '../log/log-folder.ts'
import { keepFresh } from '../platform/cache.ts'
import { SECOND } from '../platform/clock.ts'
import { hasSqlState } from '../platform/database/sql-state.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import {
  type Mark,
  noteRestored,
  RESTORED,
  raiseMark,
  readKeptMark,
  readMark,
} from './database-mark.ts'
import { type RebuildNeeds, rebuildFrom } from './rebuild-from.ts'
import { reopen } from './reopen.ts'

const MAX_AGE_MS = SECOND

/**
 * Null while all is well; else one line for the operator: the database was restored from a backup, and
 * its links and receipts may belong to somebody else until `log rebuild` has run. Known from the database's
 * own mark, from the files beside it, and from the marks that this process has seen.
 */
export type WhyClosed = () => Promise<string | null>

export type Restoring = ReturnType<typeof createRestoring>

/** The room that recognises a restored database and rebuilds its log. */
export function createRestoring(needs: Omit<RebuildNeeds, 'whyClosed'>, maxAge = MAX_AGE_MS) {
  const { db, config } = needs
  const folder = logFolder(config)
  const whyClosed = createWhyClosed(db, folder, maxAge)
  return {
    whyClosed,
    raiseMark: () => raiseMark(db, folder),
    /** See reopen. */
    reopen: (log: { from: string | null; endsHere: boolean }) =>
      reopen({ ...needs, whyClosed }, log),
    /** See rebuildFrom. */
    rebuild: (from: string | null, options?: { create: boolean }) =>
      rebuildFrom({ ...needs, whyClosed }, from, options),
  }
}

/** @param folder where the node keeps the log outside the database; it need not exist */
export function createWhyClosed(db: Db, folder: string, maxAge = MAX_AGE_MS): WhyClosed {
  let seen = 0
  const held = keepFresh({
    maxAge,
    async load() {
      // The files first: a worker writes them after the database.
      const kept = await readKept(folder, seen)
      // An unreadable file may be the one with the evidence: fails closed.
      if (kept instanceof Error) return kept.message
      const mark = await readMark(db).catch((error: unknown) => {
        if (hasSqlState(error, 'noSuchTable')) return null
        throw error
      })
      const why = mark === null ? 'tables are missing' : findEvidence(mark, kept)
      if (mark?.marked && !why) seen = Math.max(seen, mark.marked.count)
      if (mark && why) await noteRestored(db, kept)
      return why && explain(why)
    },
    mayBeStale: isDatabaseAway,
  })
  return held.get
}

interface Kept {
  count: number
  size: number
  origin: string | null
}

async function readKept(folder: string, seen: number): Promise<Kept | Error> {
  try {
    const count = Math.max(seen, await readKeptMark(folder))
    const signed = await readSigned(folder)
    const log = signed ? parseCheckpoint(parseNote(signed.note).text) : { size: 0, origin: null }
    return { count, size: log.size, origin: log.origin }
  } catch (error) {
    const { message } = error as Error
    return new Error(
      `${folder}, by which a restored database is recognised, can't be read (${message}): no form, no mailed link and nothing below /log is served until it is put back`,
    )
  }
}

function findEvidence({ marked, identity, log }: Mark, kept: Kept): string | null {
  if (marked?.identity === RESTORED) return 'a node has seen a later state of it'
  if (marked && identity !== null && marked.identity !== identity) {
    return 'it is a copy: a dump that was restored, another server, or a replica that became the primary'
  }
  const count = marked?.count ?? 0
  if (count < kept.count) return `its mark is ${count}, and was ${kept.count} before`
  const sequenced = log?.sequenced ?? 0
  // The files are of another log: createLogWriter, which compares the keys, reports that.
  if (log && kept.origin !== log.origin) return null
  if (sequenced < kept.size) return `its log has ${sequenced} entries, and ${kept.size} were signed`
  return null
}

function explain(why: string): string {
  return `the database was restored from a backup (${why}): no form, no mailed link and nothing below /log is served, and nothing is mailed, counted or signed, until "undersigned log rebuild" has run on the node whose DATA_DIR wrote the log last; then all goes on by itself`
}
