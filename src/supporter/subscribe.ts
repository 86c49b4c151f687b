import type { Db } from '../database.ts'
import { offersUpdates, type Petition } from '../petition/petition.ts'
import { addJobs } from '../platform/jobs/add-job.ts'
import type { Keyring } from '../platform/keyring.ts'
import { type NewSubscriber, upsertSubscribers } from './subscriber.queries.ts'
import { encryptSubscriber, subscriberTag } from './subscriber-secrets.ts'
import { WELCOME_SUBSCRIBER } from './welcome-subscriber.ts'

/** A signature whose signer asked for updates. */
export interface Subscription {
  language: string | null
  consent_version: number
  tag: Buffer | null
}

export interface NewSubscription {
  petition: Petition
  signature: Subscription
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
  for (const { petition, signature, email } of subscriptions) {
    if (!offersUpdates(petition) || !petition.tagKey || !signature.tag) continue
    rows.push({
      petitionId: petition.id,
      language: signature.language!,
      consentVersion: signature.consent_version,
      tag: subscriberTag(keyring, petition.tagKey, signature.tag),
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
