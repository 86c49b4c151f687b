import type { Db } from '../database.ts'
import { type Petition, takesConfirmations } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { enqueueSealing } from '../sealing/seal/enqueue-sealing.ts'
import { decryptDetails, encryptComment, type SignerDetails } from '../sealing/signer-details.ts'
import { publicName } from '../signature/public-name.ts'
import { subscribe } from '../supporter/subscribe.ts'
import { enqueueTally } from '../tally/enqueue-tally.ts'
import {
  insertComment,
  insertPublicName,
  lockSignature,
  type SignatureToConfirm,
  setConfirmed,
} from './confirmation.queries.ts'
import { shownDigest } from './shown-digest.ts'

export type ConfirmOutcome =
  | { outcome: 'confirmed' | 'already confirmed'; petition: Petition }
  | { outcome: 'closed'; petition: Petition }
  /** Not what the page had shown: somebody sent the form again meanwhile. */
  | { outcome: 'changed'; petition: Petition; signature: SignatureToConfirm }
  /** Rejected, withdrawn, or erased after its time. */
  | { outcome: 'gone' }

/**
 * Confirms in the caller's transaction, once: of many at the same moment one writes and the others
 * find it done. The row, its public name, its comment, its places in the queues of the tally and of
 * sealing, and the subscriber it may become come together or not at all.
 *
 * @param petitions all of them, read before the transaction: reading them inside would wait for a
 *   second connection while this one is held, and a crowd of confirmations would wait for ever
 * @param id the signature's id, from a verified token
 * @param shown digest of what the page showed; null from a client that doesn't say
 */
export async function confirmSignature(
  trx: Db,
  services: { clock: Clock; keyring: Keyring },
  petitions: Petition[],
  id: string,
  shown: string | null,
): Promise<ConfirmOutcome> {
  const signature = await lockSignature(trx, id)
  const petition = petitions.find((each) => each.id === signature?.petition_id)
  if (!signature || !petition) return { outcome: 'gone' }
  if (signature.state === 'confirmed') return { outcome: 'already confirmed', petition }
  if (signature.state !== 'pending') return { outcome: 'gone' }
  if (!takesConfirmations(petition, services.clock)) return { outcome: 'closed', petition }
  if (shown !== null && shown !== shownDigest(signature)) {
    return { outcome: 'changed', petition, signature }
  }

  const now = services.clock.now()
  await setConfirmed(trx, id, now)
  const details = decryptDetails(services.keyring, signature.details!)
  await publishChosen(trx, services.keyring, signature, details, now)
  if (signature.updates) await subscribe(trx, services.keyring, petition, signature, details.email)
  await enqueueTally(trx, { ...signature, confirmed_at: now }, 'confirmed')
  await enqueueSealing(trx, id)
  return { outcome: 'confirmed', petition }
}

/** Only now does anything readable leave the encrypted details: the name, if the signer shows it. */
async function publishChosen(
  trx: Db,
  keyring: Keyring,
  signature: SignatureToConfirm,
  details: SignerDetails,
  now: Date,
) {
  const row = {
    signatureId: signature.id,
    petitionId: signature.petition_id,
    country: signature.country!,
    now,
  }
  const name = publicName(details.name, signature.display, signature.language!)
  if (name) await insertPublicName(trx, { ...row, name })
  if (details.comment)
    await insertComment(trx, { ...row, text: encryptComment(keyring, details.comment) })
}
