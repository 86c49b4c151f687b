import type { Actor } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { parseCheckpoint } from '../log/core/note/checkpoint.ts'
import { parseNote } from '../log/core/note/note.ts'
import { logFolder, readSigned } from '../log/log-folder.ts'
import { keepFresh } from '../platform/cache.ts'
import { SECOND } from '../platform/clock.ts'
import { hasSqlState } from '../platform/database/sql-state.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import { type Failover, judgeIdentity, type Seen } from './accept-failover.ts'
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
/** After a failover every node compares its mark before anybody raises it beyond what the node has seen. */
const COMPARED_WITHIN_MS = 10 * SECOND

/**
 * Null while all is well; else one line for the operator: the database was restored from a backup, and
 * its links and receipts may belong to somebody else until `log rebuild` has run. Known from the database's
 * own mark, from the files beside it, and from the marks that this process has seen.
 */
export type WhyClosed = () => Promise<string | null>

export type Restoring = ReturnType<typeof createRestoring>

type Needs = Omit<RebuildNeeds, 'whyClosed' | 'config' | 'by'> & {
  config: { dataDir: string; databaseFailover: Failover }
}

/** The room that recognises a restored database and rebuilds its log. */
export function createRestoring(needs: Needs, maxAge = MAX_AGE_MS) {
  const { db, config } = needs
  const folder = logFolder(config)
  const { whyClosed, switchedAt } = watchMark(db, folder, {
    maxAge,
    failover: config.databaseFailover,
  })
  return {
    whyClosed,
    async raiseMark() {
      if (performance.now() - switchedAt() < COMPARED_WITHIN_MS) return
      await raiseMark(db, folder)
    },
    /** Whether a failover of now would be accepted; what DATABASE_FAILOVER declares must be so. */
    async waitsForStandby() {
      return (await readMark(db)).isSynchronous
    },
    /** See reopen. */
    reopen: (log: { from: string | null; endsHere: boolean }, by: Actor) =>
      reopen({ ...needs, by, whyClosed }, log),
    /** See rebuildFrom. */
    rebuild: (from: string | null, by: Actor, options?: { create: boolean }) =>
      rebuildFrom({ ...needs, by, whyClosed }, from, options),
  }
}

/**
 * @param folder where the node keeps the log outside the database; it need not exist
 * @returns `switchedAt`: when this process saw another primary, on the clock of `performance.now()`
 */
export function watchMark(
  db: Db,
  folder: string,
  { maxAge = MAX_AGE_MS, failover = 'asynchronous' }: { maxAge?: number; failover?: Failover } = {},
): { whyClosed: WhyClosed; switchedAt: () => number } {
  let seen: Seen | null = null
  let switchedAt = Number.NEGATIVE_INFINITY

  async function judge(mark: Mark, kept: Kept): Promise<string | null> {
    const why = findEvidence(mark, kept)
    if (why) {
      // Closed, also where the commit of the note waits for a standby in vain.
      await noteRestored(db, kept).catch(ignoreAway)
      return why
    }
    const { identity, isSynchronous, marked } = mark
    if (failover === 'synchronous') {
      const doubt = await judgeIdentity(db, mark, seen, kept)
      if (doubt) return `it is a copy: ${doubt}`
    } else if (marked && identity !== null && marked.identity !== identity) {
      return 'it is a copy: a dump that was restored, another server, or a replica that became the primary'
    }
    if (!marked || identity === null) return null
    if (marked.identity !== identity || (seen?.identity && seen.identity !== identity)) {
      switchedAt = performance.now()
    }
    seen = { count: Math.max(seen?.count ?? 0, marked.count), identity, isSynchronous }
    return null
  }

  const held = keepFresh({
    maxAge,
    async load() {
      // The files first: a worker writes them after the database.
      const kept = await readKept(folder, seen?.count ?? 0)
      // An unreadable file may be the one with the evidence: fails closed.
      if (kept instanceof Error) return kept.message
      const mark = await readMark(db).catch((error: unknown) => {
        if (hasSqlState(error, 'noSuchTable')) return null
        throw error
      })
      const why = mark === null ? 'tables are missing' : await judge(mark, kept)
      if (!why) return null
      if (seen) seen.identity = null
      return explain(why)
    },
    mayBeStale: isDatabaseAway,
  })
  return { whyClosed: held.get, switchedAt: () => switchedAt }
}

function ignoreAway(error: unknown): void {
  if (!isDatabaseAway(error)) throw error
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

function findEvidence({ marked, log }: Mark, kept: Kept): string | null {
  if (marked?.identity === RESTORED) return 'a node has seen a later state of it'
  const count = marked?.count ?? 0
  if (count < kept.count) return `its mark is ${count}, and was ${kept.count} before`
  const sequenced = log?.sequenced ?? 0
  // The files are of another log: createLogWriter, which compares the keys, reports that.
  if (log && kept.origin !== log.origin) return null
  if (sequenced < kept.size)
    return `its log has ${howMany(sequenced, 'entry', 'entries')}, and ${howMany(kept.size, 'was', 'were')} signed`
  return null
}

function explain(why: string): string {
  return `the database was restored from a backup (${why}): no form, no mailed link and nothing below /log is served, and nothing is mailed, counted or signed, until "undersigned log rebuild" has run on the node whose DATA_DIR wrote the log last, or elsewhere with --from; then all goes on by itself`
}
