import type { Asking, Proposal } from '../actions/agreement.ts'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import type { Petition } from '../petition/petition.ts'
import { type Clock, HOUR } from '../platform/clock.ts'
import { ExpectedError } from '../platform/expected-error.ts'
import type { Keyring } from '../platform/keyring.ts'
import { BEFORE_EVERY_ID } from '../platform/random-id.ts'
import { howMany } from '../platform/terminal/how-many.ts'
import {
  quarantineSignatures,
  releaseQuarantined,
  voidQuarantined,
} from '../signature/quarantine-signatures.ts'
import { listMatches } from './match.queries.ts'
import {
  countHeldBy,
  insertQuarantine,
  listQuarantines,
  type Quarantine,
  updateQuarantine,
} from './quarantine.queries.ts'
import { formatRule, type Rule } from './rule.ts'

/** Signatures a transaction: it locks their rows, against their signers too, for a second or so. */
const BATCH = 500
/** Between the decision to void and the entries in the log, which nobody can take back. */
export const UNDO_MS = HOUR

interface Needs {
  db: Db
  clock: Clock
  keyring: Keyring
}

export class QuarantineError extends ExpectedError {}

/** Told after each batch, for the one who waits; the next begins when it has returned. */
export type OnProgress = (signatures: number) => void | Promise<void>

/**
 * Takes the signatures that a rule fits out of the count, until somebody releases or voids them.
 *
 * @param options `isStanding`: it takes those that come later, too, each minute
 */
export async function startQuarantine(
  needs: Needs & Acting,
  petition: Petition,
  options: { rule: Rule; reason: VoidReason; isStanding: boolean },
  onProgress: OnProgress = () => {},
): Promise<{ id: number; signatures: number }> {
  const { rule, reason, isStanding } = options
  const id = await needs.db.transaction().execute(async (trx) => {
    const row = { rule, reason, isStanding, petitionId: petition.id, now: needs.clock.now() }
    const id = await insertQuarantine(trx, row)
    const after = { id, rule: formatRule(rule), reason, isStanding }
    await noteAction(trx, needs, { what: 'quarantine start', petition, after })
    return id
  })
  const given = { id, rule, isNew: true }
  const signatures = await takeMatches(needs.db, petition, given, onProgress)
  return { id, signatures }
}

async function takeMatches(
  db: Db,
  petition: Petition,
  { id, rule, isNew }: Pick<Quarantine, 'id' | 'rule'> & { isNew: boolean },
  onProgress: OnProgress,
): Promise<number> {
  let taken = 0
  for (let after = BEFORE_EVERY_ID; ; ) {
    const ids = await listMatches(db, petition.id, rule, { after, limit: BATCH })
    const last = ids.at(-1)
    if (last === undefined) return taken
    after = last
    taken += await db.transaction().execute(async (trx) => {
      // Released meanwhile: what is decided is decided.
      const [still] = await listQuarantines(trx, { id, going: true, lock: true })
      const takes = still?.isStanding || (isNew && still?.voidAt === null)
      return takes ? quarantineSignatures(trx, petition, id, ids) : 0
    })
    await onProgress(taken)
  }
}

/**
 * They count again, and it takes no more. Safe to repeat. Of two decisions the later one holds: a void that is planned
 * while this goes on keeps what is not released yet.
 *
 * @returns how many
 * @throws QuarantineError when such a void came
 */
export async function endInRelease(
  needs: Needs & Acting,
  petition: Petition,
  id: number,
  onProgress: OnProgress = () => {},
): Promise<number> {
  await needs.db.transaction().execute(async (trx) => {
    const { isStanding, voidAt } = await getGoing(trx, petition, id)
    await updateQuarantine(trx, id, { isStanding: false, voidAt: null })
    const before = { id, isStanding, voidAt: voidAt?.toISOString() ?? null }
    await noteAction(trx, needs, { what: 'quarantine release', petition, before })
  })
  let released = 0
  for (let isLast = false; !isLast; ) {
    const batch = await needs.db.transaction().execute(async (trx) => {
      // Locked, as who takes signatures into it does: else some could come in between the last batch and its end.
      const [still] = await listQuarantines(trx, { id, going: true, lock: true })
      if (!still) return { released: 0, isLast: true }
      if (still.voidAt) throw new QuarantineError(`somebody has decided meanwhile to void quarantine ${id}: ${howMany(released, 'of its signatures was', 'of its signatures were')} released before, the others wait to be voided; release it again if they shall count`) // biome-ignore format: one sentence
      const batch = await releaseQuarantined(trx, petition, id, BATCH)
      if (batch.isLast) await updateQuarantine(trx, id, { endedAt: needs.clock.now() })
      return batch
    })
    released += batch.released
    isLast = batch.isLast
    await onProgress(released)
  }
  return released
}

export interface PlannedVoid extends Proposal {
  figures: { signatures: number }
}

/** It takes no more, and its signatures are voided in an hour, unless they are released before. Ends with the moment. */
export const planningVoid = (
  needs: Acting,
  petition: Petition,
  id: number,
): Asking<PlannedVoid, never, Date> => ({
  async survey(trx) {
    await getGoing(trx, petition, id)
    const signatures = (await countHeldBy(trx, petition.id)).get(id) ?? 0
    return { losses: ['after an hour nobody can take it back'], figures: { signatures } }
  },
  async work(trx) {
    const { voidAt: planned, isStanding } = await getGoing(trx, petition, id)
    const voidAt = planned ?? new Date(needs.clock.now().getTime() + UNDO_MS)
    await updateQuarantine(trx, id, { isStanding: false, voidAt })
    const before = { id, isStanding, voidAt: planned?.toISOString() ?? null }
    const after = { id, isStanding: false, voidAt: voidAt.toISOString() }
    await noteAction(trx, needs, { what: 'quarantine void', petition, before, after })
    return voidAt
  },
})

/**
 * Once a minute: standing quarantines take what has come, and those whose hour is over are voided. Killed at any point
 * it goes on with the next run.
 *
 * @returns how many were voided
 */
export async function keepQuarantines(needs: Needs, petitions: Petition[]): Promise<number> {
  const now = needs.clock.now()
  let voided = 0
  for (const quarantine of await listQuarantines(needs.db, { going: true })) {
    const petition = petitions.find(({ id }) => id === quarantine.petitionId)
    if (!petition) continue
    if (quarantine.isStanding) {
      await takeMatches(needs.db, petition, { ...quarantine, isNew: false }, () => {})
    }
    if (quarantine.voidAt && quarantine.voidAt <= now) {
      voided += await voidAll(needs, petition, quarantine)
    }
  }
  return voided
}

async function voidAll(
  needs: Needs,
  petition: Petition,
  { id, reason }: Quarantine,
): Promise<number> {
  let voided = 0
  for (let isLast = false; !isLast; ) {
    const batch = await needs.db.transaction().execute(async (trx) => {
      const [still] = await listQuarantines(trx, { id, going: true, lock: true })
      // Released in the last moment.
      if (!still?.voidAt) return { voided: 0, isLast: true }
      const choice = { quarantineId: id, reason, limit: BATCH }
      const done = await voidQuarantined(trx, needs, petition, choice)
      await updateQuarantine(trx, id, {
        turnedAway: done.turnedAway,
        ...(done.isLast && { endedAt: needs.clock.now() }),
      })
      return done
    })
    voided += batch.voided
    isLast = batch.isLast
  }
  return voided
}

/** Held until the transaction ends: a decision on one that is just ending comes too late, and hears so. */
async function getGoing(trx: Db, petition: Petition, id: number): Promise<Quarantine> {
  const [found] = await listQuarantines(trx, { petitionId: petition.id, id, lock: true })
  if (!found) throw new QuarantineError(`${petition.slug} has no quarantine ${id}: see "quarantine list ${petition.slug}"`) // biome-ignore format: one sentence
  if (found.endedAt) throw new QuarantineError(`quarantine ${id} has ended: its signatures were released or voided`) // biome-ignore format: one sentence
  return found
}
