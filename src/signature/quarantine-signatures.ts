import type { Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import {
  enqueueSignatures,
  enqueueTurnedAway,
  enqueueVoid,
  withholdSignatures,
} from '../log/enqueue-entry.ts'
import { listIndexes } from '../log/store/entry-indexes.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { findSignatures, type StoredSignature } from './reads.ts'
import { countedBy } from './signature.ts'
import { enqueueCount } from './store/outbox.ts'
import { insertQuarantined, listQuarantined } from './store/quarantined.ts'
import { readCommitments } from './store/sealed-records.ts'
import { endQuarantine, takeOut } from './void-signatures.ts'

/**
 * Takes confirmed signatures out of the count until somebody has decided, in the caller's transaction. They get no
 * entry in the public log; one that has an entry keeps it. Their links go on as before: whoever made them learns nothing.
 *
 * @param ids a batch of some hundreds; those that don't count, or are in quarantine, are passed over
 * @returns how many were taken
 */
export async function quarantineSignatures(
  trx: Db,
  petition: Petition,
  quarantineId: number,
  ids: string[],
): Promise<number> {
  const found = await findSignatures(trx, ids, { lock: true })
  const counting = found.filter(
    ({ petition_id, state }) => petition_id === petition.id && state === 'confirmed',
  )
  const taken = await insertQuarantined(trx, {
    petitionId: petition.id,
    quarantineId,
    ids: counting.map(({ id }) => id),
  })
  const signatures = counting.filter(({ id }) => taken.has(id))
  await enqueueCount(trx, signatures, 'quarantined')
  await withholdSignatures(trx, [...taken])
  return signatures.length
}

/**
 * They count again, and get their entries with the next batch of the log.
 *
 * @returns how many came out of quarantine, and whether none is left
 */
export async function releaseQuarantined(
  trx: Db,
  petition: Petition,
  quarantineId: number,
  limit: number,
): Promise<{ released: number; isLast: boolean }> {
  const { signatures, isLast } = await takeFromQuarantine(trx, quarantineId, limit)
  const commitments = await readCommitments(
    trx,
    petition.id,
    signatures.map(({ id }) => id),
  )
  // One that is still readable gets its entry when it is sealed.
  const sealed = signatures.flatMap(({ id, ...signature }) => {
    const commitment = commitments.get(id)
    const counted = countedBy(signature)
    if (!commitment || !counted) return []
    return [{ id, petitionId: petition.id, slug: petition.slug, counted, commitment }]
  })
  await enqueueSignatures(trx, sealed)
  return { released: signatures.length, isLast }
}

/**
 * Voids signatures that are in quarantine. Those with an entry in the log get one that voids it; of the others, which
 * the log never counted, it says how many they were.
 *
 * @returns how many were voided, how many of them had no entry, and whether none is left
 */
export async function voidQuarantined(
  trx: Db,
  { keyring }: { keyring: Keyring },
  petition: Petition,
  { quarantineId, reason, limit }: { quarantineId: number; reason: VoidReason; limit: number },
): Promise<{ voided: number; turnedAway: number; isLast: boolean }> {
  const { signatures, isLast } = await takeFromQuarantine(trx, quarantineId, limit)
  const indexes = await listIndexes(
    trx,
    signatures.map(({ id }) => id),
  )
  await takeOut(trx, keyring, petition, signatures)
  for (const signature of signatures) {
    const index = indexes.get(signature.id)
    if (index === undefined) continue
    await enqueueVoid(trx, petition, { index, reason, counted: countedBy(signature)! })
  }
  const turnedAway = signatures.length - indexes.size
  if (turnedAway > 0) await enqueueTurnedAway(trx, petition, { number: turnedAway, reason })
  return { voided: signatures.length, turnedAway, isLast }
}

/**
 * Locks them, against their signers too.
 * @returns those that count again from here on; fewer than the limit also where signers have just left, so that their
 *   number doesn't tell whether it was the last batch
 */
async function takeFromQuarantine(
  trx: Db,
  quarantineId: number,
  limit: number,
): Promise<{ signatures: StoredSignature[]; isLast: boolean }> {
  const ids = await listQuarantined(trx, quarantineId, limit)
  const found = await findSignatures(trx, ids, { lock: true })
  // One that was withdrawn while we waited for its row is in quarantine no more.
  return { signatures: await endQuarantine(trx, found), isLast: ids.length < limit }
}
