import { type Agree, type Proposal, requireAgreement } from '../actions/agreement.ts'
import { type Acting, noteAction } from '../actions/note-action.ts'
import type { Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import { parseEntry } from '../log/core/entry/entry-line.ts'
import { enqueueVoid } from '../log/enqueue-entry.ts'
import { getEntry } from '../log/store/bundles-and-tiles.ts'
import { findByIndex } from '../log/store/entry-indexes.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { unsubscribeSigner } from '../subscriber/subscribe.ts'
import { findSignatures, type StoredSignature } from './reads.ts'
import { countedBy } from './signature.ts'
import { enqueueCount } from './store/outbox.ts'
import { deleteQuarantined } from './store/quarantined.ts'
import { voidAndHide } from './store/signatures.ts'

/** The kinds of entries that may be named. */
export type NamedEntry =
  /** A signature of the petition, which counts until it is voided. */
  | 'confirmed'
  | 'already voided'
  /** By its signer; no row says any more whose it was. */
  | 'withdrawn'
  | 'of another petition'
  /** A text, a key, somebody's withdrawal. */
  | 'no signature'
  | 'beyond the log'

/** The named entries by kind. */
export type VoidOutcome = Record<NamedEntry, number[]>

/** Entries a transaction: it locks its rows, against their signers too, for a second or so. */
const BATCH = 500

/** The named entries by kind: those that are `confirmed` would be voided. */
export interface Voiding extends Proposal {
  reason: VoidReason
  outcome: VoidOutcome
}

/**
 * Asks, and voids in batches; ended in the middle, the same goes on. It never does more than was shown: what was
 * withdrawn or voided meanwhile is left alone. Nobody is asked where nothing would be voided.
 * @throws NotAgreedError
 */
export async function voidWhenAgreed(
  db: Db,
  needs: Acting & { keyring: Keyring },
  petition: Petition,
  { indexes, reason }: { indexes: number[]; reason: VoidReason },
  agree: Agree<Voiding>,
): Promise<VoidOutcome> {
  const outcome = await inBatches(indexes, (batch) => rehearseVoid(db, petition, batch))
  if (outcome.confirmed.length === 0) return outcome
  await requireAgreement(agree, {
    losses: ['nobody can take it back, and the log says it for ever'],
    reason,
    outcome,
  })
  const done = await inBatches(outcome.confirmed, (batch) =>
    db.transaction().execute((trx) => voidSignatures(trx, needs, petition, batch, reason)),
  )
  return inOne([{ ...outcome, confirmed: [] }, done])
}

async function inBatches(
  indexes: number[],
  work: (batch: number[]) => Promise<VoidOutcome>,
): Promise<VoidOutcome> {
  const outcomes: VoidOutcome[] = []
  for (let at = 0; at < indexes.length; at += BATCH) {
    outcomes.push(await work(indexes.slice(at, at + BATCH)))
  }
  return inOne(outcomes)
}

function inOne(outcomes: VoidOutcome[]): VoidOutcome {
  const all = nothingNamed()
  for (const outcome of outcomes) {
    for (const named of Object.keys(all) as NamedEntry[]) all[named].push(...outcome[named])
  }
  return all
}

const nothingNamed = (): VoidOutcome => ({
  confirmed: [],
  'already voided': [],
  withdrawn: [],
  'of another petition': [],
  'no signature': [],
  'beyond the log': [],
})

/**
 * Voids signatures by the indexes of their entries, in the caller's transaction: they no longer count, here
 * and in the public log, and show no name and no comment. Safe to repeat: one that was voided or withdrawn
 * is not voided again.
 *
 * Nothing is erased but what the page shows and the address for updates, which was given with a
 * signature that no longer counts. The sealed record stays, to answer why; the signer can still
 * withdraw, which erases it.
 *
 * @param indexes a batch of some hundreds
 */
export async function voidSignatures(
  trx: Db,
  { keyring, ...acting }: Acting & { keyring: Keyring },
  petition: Petition,
  indexes: number[],
  reason: VoidReason,
): Promise<VoidOutcome> {
  const { signatures, outcome } = await findEntries(trx, petition, indexes, { lock: true })
  await takeOut(trx, keyring, petition, signatures)
  for (const signature of signatures) {
    const { index } = signature
    await enqueueVoid(trx, petition, { index, reason, counted: countedBy(signature)! })
  }
  const after = { reason, signatures: signatures.length }
  if (signatures.length > 0) await noteAction(trx, acting, { what: 'void', petition, after })
  return outcome
}

/** Sorts the entries as voiding would, and changes nothing. */
async function rehearseVoid(db: Db, petition: Petition, indexes: number[]): Promise<VoidOutcome> {
  return (await findEntries(db, petition, indexes, { lock: false })).outcome
}

/**
 * For a database restored from before it happened: the log has the entries already.
 *
 * @param ids of signatures; those that don't count are left alone
 * @returns how many were voided
 */
export async function voidAgain(
  trx: Db,
  { keyring }: { keyring: Keyring },
  petition: Petition,
  ids: string[],
): Promise<number> {
  const found = await findSignatures(trx, ids, { lock: true })
  const confirmed = found.filter(({ state }) => state === 'confirmed')
  await takeOut(trx, keyring, petition, confirmed)
  return confirmed.length
}

/** Voids signatures whose rows the caller holds, without entries in the log. */
export async function takeOut(
  trx: Db,
  keyring: Keyring,
  petition: Petition,
  signatures: StoredSignature[],
): Promise<void> {
  await voidAndHide(
    trx,
    signatures.map(({ id }) => id),
  )
  await endQuarantine(trx, signatures)
  await enqueueCount(trx, signatures, 'voided')
  for (const { tag } of signatures) await unsubscribeSigner(trx, keyring, petition, tag)
}

/**
 * Of signatures whose rows the caller holds: those in quarantine count again, whatever comes next.
 * @returns which they were
 */
export async function endQuarantine(
  trx: Db,
  signatures: StoredSignature[],
): Promise<StoredSignature[]> {
  const ended = await deleteQuarantined(
    trx,
    signatures.map(({ id }) => id),
  )
  const released = signatures.filter(({ id }) => ended.has(id))
  await enqueueCount(trx, released, 'released')
  return released
}

async function findEntries(
  db: Db,
  petition: Petition,
  indexes: number[],
  { lock }: { lock: boolean },
) {
  const outcome = nothingNamed()
  const indexed = await findByIndex(db, indexes)
  const ids = indexed.map(({ signatureId }) => signatureId)
  const found = await findSignatures(db, ids, { lock })
  const byId = new Map(found.map((signature) => [signature.id, signature]))
  const byIndex = new Map(indexed.map(({ index, signatureId }) => [index, byId.get(signatureId)]))
  const signatures: (StoredSignature & { index: number })[] = []
  for (const index of new Set(indexes)) {
    const signature = byIndex.get(index)
    const named = signature ? readRow(signature, petition) : await readEntry(db, petition, index)
    outcome[named].push(index)
    if (signature && named === 'confirmed') signatures.push({ ...signature, index })
  }
  return { signatures, outcome }
}

function readRow({ state, petition_id }: StoredSignature, { id }: Petition): NamedEntry {
  if (petition_id !== id) return 'of another petition'
  // One that was withdrawn between the two reads has no index any more.
  return state === 'voided' ? 'already voided' : state
}

async function readEntry(db: Db, { slug }: Petition, index: number): Promise<NamedEntry> {
  const bytes = await getEntry(db, index)
  if (!bytes) return 'beyond the log'
  const entry = parseEntry(bytes)
  if (entry.kind !== 'sign') return 'no signature'
  return entry.slug === slug ? 'withdrawn' : 'of another petition'
}
