import type { Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import { enqueueVoid } from '../log/queue/enqueue-entry.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { unsubscribeSigner } from '../supporter/unsubscribe.ts'
import { enqueueTally } from '../tally/enqueue-tally.ts'
import { findEntries, type Standing } from './find-entries.ts'
import { hideVoided, lockSignatures, setVoided } from './voiding.queries.ts'

/** What became of each entry that was named. */
export type VoidOutcome = Record<Standing, number[]>

/**
 * Takes signatures out by the numbers of their entries, in the caller's transaction: they no longer
 * count, here and in the public log, and show no name and no comment. Safe to repeat: one that was
 * struck, or left, is not struck again.
 *
 * Nothing is erased but what the page shows and the address for updates, which was given with a
 * signature that no longer stands. The sealed record stays for whoever asks why; the signer can still
 * withdraw, which erases it.
 *
 * @param indexes a batch of some hundreds
 */
export async function voidSignatures(
  trx: Db,
  { keyring }: { keyring: Keyring },
  petition: Petition,
  indexes: number[],
  reason: VoidReason,
): Promise<VoidOutcome> {
  const { signatures, outcome } = await findEntries(trx, petition, indexes, lockSignatures)
  const standing = signatures.filter(({ state }) => state === 'confirmed')
  const ids = standing.map(({ id }) => id)
  await setVoided(trx, ids)
  await hideVoided(trx, ids)
  for (const signature of standing) {
    await enqueueTally(trx, signature, 'voided')
    await enqueueVoid(trx, petition, { index: signature.index, reason })
    await unsubscribeSigner(trx, keyring, petition, signature.tag)
  }
  return outcome
}
