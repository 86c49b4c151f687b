import type { Db } from '../database.ts'
import { offersUpdates, type Petition } from '../petition/petition.ts'
import { addJobs } from '../platform/jobs/add-job.ts'
import type { Keyring } from '../platform/keyring.ts'
import { newId } from '../platform/random-id.ts'
import { deleteByTag, type NewSubscriber, upsertSubscribers } from './store.ts'
import { encryptSubscriber, subscriberTag } from './subscriber-secrets.ts'
import { WELCOME_SUBSCRIBER } from './welcome-subscriber.ts'

export { unsubscribeAll } from './store.ts'

/** A signer who asked for updates. */
export interface NewSubscription {
  petition: Petition
  language: string
  consentVersion: number
  /** The signature's. */
  tag: Buffer
  /** As the signer typed it. */
  email: string
}

/**
 * Puts signers' addresses on their petitions' lists, and enqueues the mails that say how to leave them,
 * in the transaction that confirms the signatures. Passes over petitions that keep no list.
 *
 * @param subscriptions no two of one petition and address
 */
export async function subscribe(
  trx: Db,
  keyring: Keyring,
  subscriptions: NewSubscription[],
): Promise<void> {
  const rows: NewSubscriber[] = []
  for (const { petition, language, consentVersion, tag, email } of subscriptions) {
    if (!offersUpdates(petition) || !petition.tagKey) continue
    rows.push({
      id: newId(),
      petition_id: petition.id,
      language,
      consent_version: consentVersion,
      tag: subscriberTag(keyring, petition.tagKey, tag),
      address: encryptSubscriber(keyring, email),
    })
  }
  if (rows.length === 0) return
  const ids = await upsertSubscribers(trx, rows)
  await addJobs(
    trx,
    WELCOME_SUBSCRIBER,
    ids.map((id) => ({ payload: { id }, key: `${WELCOME_SUBSCRIBER}:${id}` })),
  )
}

/**
 * Erases the address of a signer who withdraws. An archived petition has no key left to find
 * it by: there only the link in each mail does it.
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
