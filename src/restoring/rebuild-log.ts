import { type Actor, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import { countOf } from '../log/core/entry/count-entries.ts'
import { parseEntry } from '../log/core/entry/entry-line.ts'
import { enqueueSignatures } from '../log/enqueue-entry.ts'
import { logFolder, tagsFile } from '../log/log-folder.ts'
import { LOG_LOCK, LogRefusal } from '../log/sequencing/log-writer.ts'
import { readEntries } from '../log/store/bundles-and-tiles.ts'
import { insertQueued, type QueuedEntry } from '../log/store/log-queue.ts'
import { findState, type LogState } from '../log/store/log-state.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { equalBytes } from '../platform/bytes.ts'
import type { Clock } from '../platform/clock.ts'
import { takeAllTheTime } from '../platform/database/connect.ts'
import { holdLock } from '../platform/database/locks.ts'
import type { Keyring } from '../platform/keyring.ts'
import { enqueueCount } from '../signature/store/outbox.ts'
import { copyEntries } from './copy-entries.ts'
import { readKeptMark, renewMark } from './database-mark.ts'
import { explainShort, type LogCopy } from './open-copy.ts'
import { indexSealed, listUnknownSlugs, prepareMatching } from './public-entry.queries.ts'
import {
  dropLogged,
  forgetLog,
  insertLost,
  listUnlogged,
  recountLogged,
  setCounts,
  setRebuilt,
} from './rebuild.queries.ts'
import { claimUnsealed, type Repeated, recogniseLost, reverseAgain } from './repeat-changes.ts'
import { repeatNotices, requireKnownPetitions } from './repeat-notices.ts'
import { stopMailings } from './stop-mailings.ts'

export const BEING_WRITTEN = 'a worker is just writing the log: stop it, or try again'

export interface Rebuilt extends Repeated {
  /** Entries that the database's log had, and has. */
  before: number
  after: number
  /** Sealed signatures that found their entry. */
  found: number
  /** Entries of signatures that this database knows nothing more of. */
  lost: number
  /** Signatures that wait for the next batch. */
  waiting: number
  /** Signatures on paper that the log remembers, and their scans are lost. */
  paperAgain: number
  /** Signatures that were turned away: the log has their number, and nobody knows whose they were. */
  turnedAwayAgain: number
}

export interface RebuildNeeds {
  db: Db
  petitions: Petitions
  config: { dataDir: string }
  clock: Clock
  keyring: Keyring
  by: Actor
}

/**
 * Makes the database's log that of the public entries, and brings the signatures in line with it: who
 * has left since the backup leaves again, who had confirmed is confirmed again, and a signature that is in
 * the log and nowhere else stays counted. One transaction: a crash leaves everything as it was.
 *
 * @throws LogRefusal when the copy lacks what was signed, or the database lacks a petition
 */
export async function rebuildLog(needs: RebuildNeeds, copy: LogCopy): Promise<Rebuilt> {
  const petitions = await needs.petitions.all()
  const rebuilt = await holdLock(needs.db, LOG_LOCK, async (trx) => {
    await takeAllTheTime(trx)
    return rebuild(trx, needs, petitions, copy)
  })
  if (!rebuilt) throw new LogRefusal(BEING_WRITTEN)
  return rebuilt
}

async function rebuild(
  trx: Db,
  needs: RebuildNeeds,
  petitions: Petition[],
  { source, checkpoint, tagsFile: beside }: LogCopy,
): Promise<Rebuilt> {
  const { size, root } = checkpoint
  const state = (await findState(trx))!
  if ((state.signed ?? 0) > size) throw new LogRefusal(explainShort(size, state.signed!))
  const unsigned = await readUnsigned(trx, petitions, state, size)
  await forgetLog(trx)
  const copied = await copyEntries(trx, source, size)
  if (!equalBytes(copied.root, root)) throw new LogRefusal('the source changed while it was read')
  await prepareMatching(trx)
  const unknown = await listUnknownSlugs(trx)
  if (unknown.length > 0) throw new LogRefusal(explainUnknown(unknown))
  requireKnownPetitions(petitions, copied.notices)
  const repeated = { confirmedAgain: 0, withdrawnAgain: 0, voidedAgain: 0 }
  const found = await indexSealed(trx)
  await reverseAgain(trx, needs, petitions, repeated)
  await claimUnsealed(trx, needs, petitions, repeated)
  const lost = await insertLost(trx)
  await enqueueCount(trx, lost.map(toCountable), 'confirmed')
  const tagFiles = [tagsFile(needs.config), ...(beside ? [beside] : [])]
  await recogniseLost(trx, needs, { petitions, lost, tagFiles })
  await insertQueued(trx, unsigned)
  const since = copied.notices.filter(({ index }) => index >= state.sequenced)
  await dropLogged(
    trx,
    since.map(({ bytes }) => bytes),
  )
  const noticed = await repeatNotices(trx, needs, petitions, copied.notices)
  const waiting = await listUnlogged(trx)
  await enqueueSignatures(trx, waiting)
  await recountLogged(trx)
  await setCounts(trx, new Map(petitions.map(({ slug }) => [slug, countOf(copied.counter, slug)])))
  await setRebuilt(trx, { size, root, note: source.checkpoint, now: needs.clock.now() })
  await stopMailings(trx)
  await renewMark(trx, await readKeptMark(logFolder(needs.config)))
  const rebuilt = {
    before: state.sequenced,
    after: size,
    found,
    ...repeated,
    ...noticed,
    lost: lost.length,
    waiting: waiting.length,
  }
  await noteAction(trx, needs, { what: 'log rebuild', petition: null, after: rebuilt })
  return rebuilt
}

/** Unknown country and language, as in the row. */
function toCountable({ petitionId, confirmedAt }: { petitionId: number; confirmedAt: Date }) {
  const unknown = { country: 'ZZ', language: 'und', source: null, ref: null }
  return { petition_id: petitionId, confirmed_at: confirmedAt, ...unknown }
}

/** Withdrawals, voids and notices that had an index and were never signed go back into the queue. */
async function readUnsigned(
  trx: Db,
  petitions: Petition[],
  { sequenced }: LogState,
  size: number,
): Promise<QueuedEntry[]> {
  if (sequenced <= size) return []
  const entries = await readEntries(trx, { from: size, to: sequenced })
  return entries.flatMap((bytes): QueuedEntry[] => {
    const entry = parseEntry(bytes)
    // Signatures find their way back by their records.
    if (entry.kind === 'invalid' || entry.kind === 'sign') return []
    const petition = petitions.find(({ slug }) => slug === entry.slug)
    if (!petition) return []
    const reverses = entry.kind === 'withdraw' || entry.kind === 'void'
    if (reverses && entry.index >= size) return []
    const change = reverses ? -1 : 0
    // Nothing is left that says where it was counted: it is taken off the total alone.
    const row = { petitionId: petition.id, signatureId: null, counted: null }
    return [{ ...row, change, entry: bytes.slice() }]
  })
}

function explainUnknown(slugs: string[]): string {
  return `the log has entries of ${slugs.join(', ')}, which this database doesn't know: publish from its folder what is missing, then rebuild; nothing was changed`
}
