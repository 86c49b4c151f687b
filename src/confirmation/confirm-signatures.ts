import type { Db } from '../database.ts'
import { type Petition, takesConfirmations } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { enqueueSealing } from '../sealing/seal/enqueue-sealing.ts'
import { decryptDetails, encryptComment } from '../sealing/signer-details.ts'
import { publicName } from '../signature/public-name.ts'
import { subscribe } from '../supporter/subscribe.ts'
import { enqueueTally } from '../tally/enqueue-tally.ts'
import {
  insertComments,
  insertPublicNames,
  lockSignatures,
  type PublicRow,
  type SignatureToConfirm,
  setConfirmed,
} from './confirmation.queries.ts'
import { shownDigest } from './shown-digest.ts'

export interface ConfirmRequest {
  /** The signature's id, from a verified token. */
  id: string
  /** Digest of what the page showed; null from a client that doesn't say. */
  shown: string | null
}

export type ConfirmOutcome =
  | { outcome: 'confirmed' | 'already confirmed'; petition: Petition }
  | { outcome: 'closed'; petition: Petition }
  /** Not what the page had shown: somebody sent the form again meanwhile. */
  | { outcome: 'changed'; petition: Petition; signature: SignatureToConfirm }
  /** Rejected, withdrawn, or erased after its time. */
  | { outcome: 'gone' }

/**
 * Confirms in the caller's transaction, each once: of many at the same moment one writes and the others
 * find it done. The row, its public name, its comment, its places in the queues of the tally and of
 * sealing, and the subscriber it may become come together or not at all.
 *
 * @param petitions all of them, read before the transaction: reading them inside would wait for a
 *   second connection while this one is held, and a crowd of confirmations would wait for ever
 * @returns outcomes in the order of the requests
 */
export async function confirmSignatures(
  trx: Db,
  services: { clock: Clock; keyring: Keyring },
  petitions: Petition[],
  requests: ConfirmRequest[],
): Promise<ConfirmOutcome[]> {
  const locked = await lockSignatures(trx, [...new Set(requests.map(({ id }) => id))])
  const signatures = new Map(locked.map((signature) => [signature.id, signature]))
  const confirmed = new Map<string, { signature: SignatureToConfirm; petition: Petition }>()
  const outcomes = requests.map(({ id, shown }): ConfirmOutcome => {
    const signature = signatures.get(id)
    const petition = petitions.find((each) => each.id === signature?.petition_id)
    if (!signature || !petition) return { outcome: 'gone' }
    const before = confirmed.has(id) ? 'confirmed' : signature.state
    if (before === 'confirmed') return { outcome: 'already confirmed', petition }
    if (before !== 'pending') return { outcome: 'gone' }
    if (!takesConfirmations(petition, services.clock)) return { outcome: 'closed', petition }
    if (shown !== null && shown !== shownDigest(signature)) {
      return { outcome: 'changed', petition, signature }
    }
    confirmed.set(id, { signature, petition })
    return { outcome: 'confirmed', petition }
  })
  if (confirmed.size > 0) await write(trx, services, [...confirmed.values()])
  return outcomes
}

/** Only now does anything readable leave the encrypted details: the name, if the signer shows it. */
async function write(
  trx: Db,
  { clock, keyring }: { clock: Clock; keyring: Keyring },
  confirmed: { signature: SignatureToConfirm; petition: Petition }[],
): Promise<void> {
  const now = clock.now()
  const signatures = confirmed.map(({ signature }) => ({ ...signature, confirmed_at: now }))
  const ids = signatures.map(({ id }) => id)
  await setConfirmed(trx, ids, now)
  await enqueueTally(trx, signatures, 'confirmed')
  await enqueueSealing(trx, ids)
  const names: (PublicRow & { name: string })[] = []
  const comments: (PublicRow & { text: Buffer })[] = []
  for (const { signature, petition } of confirmed) {
    const details = decryptDetails(keyring, signature.details!)
    const row = {
      signatureId: signature.id,
      petitionId: signature.petition_id,
      country: signature.country!,
      now,
    }
    const name = publicName(details.name, signature.display, signature.language!)
    if (name) names.push({ ...row, name })
    if (details.comment) comments.push({ ...row, text: encryptComment(keyring, details.comment) })
    if (signature.updates) await subscribe(trx, keyring, petition, signature, details.email)
  }
  if (names.length > 0) await insertPublicNames(trx, names)
  if (comments.length > 0) await insertComments(trx, comments)
}
