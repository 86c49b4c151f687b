import { countedBy, enqueueCount } from '../count/enqueue-count.ts'
import type { Db } from '../database.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import { enqueueVoid } from '../log/enqueue-entry.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { unsubscribeSigner } from '../subscriber/unsubscribe.ts'
import { findEntries, type Standing } from './find-entries.ts'
import { hideVoided, lockSignatures, type SignatureToVoid, setVoided } from './voiding.queries.ts'

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
  await strike(trx, keyring, petition, signatures)
  for (const signature of signatures) {
    const { index } = signature
    await enqueueVoid(trx, petition, { index, reason, counted: countedBy(signature)! })
  }
  return outcome
}

/**
 * For a database restored from before it happened: the log has the entries already.
 *
 * @param ids of signatures; those that don't stand are left alone
 * @returns how many were struck
 */
export async function voidAgain(
  trx: Db,
  { keyring }: { keyring: Keyring },
  petition: Petition,
  ids: string[],
): Promise<number> {
  const standing = (await lockSignatures(trx, ids)).filter(({ state }) => state === 'confirmed')
  await strike(trx, keyring, petition, standing)
  return standing.length
}

async function strike(
  trx: Db,
  keyring: Keyring,
  petition: Petition,
  signatures: SignatureToVoid[],
): Promise<void> {
  const ids = signatures.map(({ id }) => id)
  await setVoided(trx, ids)
  await hideVoided(trx, ids)
  await enqueueCount(trx, signatures, 'voided')
  for (const { tag } of signatures) await unsubscribeSigner(trx, keyring, petition, tag)
}
