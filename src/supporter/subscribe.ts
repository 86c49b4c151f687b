import type { Db } from '../database.ts'
import { offersUpdates, type Petition } from '../petition/petition.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { Keyring } from '../platform/keyring.ts'
import { upsertSubscriber } from './subscriber.queries.ts'
import { encryptSubscriber, subscriberTag } from './subscriber-secrets.ts'
import { WELCOME_SUBSCRIBER } from './welcome-subscriber.ts'

/** A signature whose signer asked for updates. */
export interface Subscription {
  language: string | null
  consent_version: number
  tag: Buffer | null
}

/**
 * Puts a signer's address on the petition's list, and enqueues the mail that says how to leave it, in
 * the transaction that confirms the signature. Does nothing where the petition keeps no list.
 *
 * @param email as the signer typed it
 */
export async function subscribe(
  trx: Db,
  keyring: Keyring,
  petition: Petition,
  signature: Subscription,
  email: string,
): Promise<void> {
  if (!offersUpdates(petition) || !petition.tagKey || !signature.tag) return
  const id = await upsertSubscriber(trx, {
    petitionId: petition.id,
    language: signature.language!,
    consentVersion: signature.consent_version,
    tag: subscriberTag(keyring, petition.tagKey, signature.tag),
    address: encryptSubscriber(keyring, email),
  })
  await addJob(trx, WELCOME_SUBSCRIBER, { id }, { key: `${WELCOME_SUBSCRIBER}:${id}` })
}
