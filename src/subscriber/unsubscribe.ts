import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { deleteAll, deleteByTag, deleteSubscriber } from './subscriber.queries.ts'
import { subscriberTag } from './subscriber-secrets.ts'

/** Erases the address. The signature stays, and so does the wish that was confirmed with it. Safe to repeat. */
export async function unsubscribe(db: Db, id: string): Promise<void> {
  await deleteSubscriber(db, id)
}

/**
 * Erases the address of a signer who withdraws. An archived petition has no key left that could tell
 * whose it is: there only the link in each mail does it.
 *
 * @param signatureTag read before the signature itself is erased
 */
export async function unsubscribeSigner(
  trx: Db,
  keyring: Keyring,
  petition: Petition,
  signatureTag: Buffer | null,
): Promise<void> {
  if (!petition.tagKey || !signatureTag) return
  await deleteByTag(trx, petition.id, subscriberTag(keyring, petition.tagKey, signatureTag))
}

/** For a petition that keeps no list any more. @returns how many addresses were erased */
export async function unsubscribeAll(trx: Db, petitionId: number): Promise<number> {
  return deleteAll(trx, petitionId)
}
