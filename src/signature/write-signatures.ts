import type { Db } from '../database.ts'
import { type Petition, reviewsNames } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { decryptDetails, encryptComment, type SignerDetails } from '../sealing/signer-details.ts'
import { type NewSubscription, subscribe } from '../subscriber/subscribe.ts'
import {
  findLost,
  insertSignatures,
  isCollision,
  type NewSignature,
  type Shown,
  type Submission,
} from './confirmation.queries.ts'
import { mailboxFor } from './mailbox.ts'
import { publicName } from './public-name.ts'
import { withdrawSignature } from './withdraw-signature.ts'

/** The other's confirmation is durable when ours fails because of it: the next attempt sees it. */
const ATTEMPTS = 5

export interface Accepted {
  submission: Submission
  petition: Petition
}

/** A submission with what becomes readable of it. */
export interface Prepared extends NewSignature {
  petition: Petition
  subscription: NewSubscription | null
}

/** Only now does anything readable leave the encrypted details: the name, if the signer shows it. */
export function prepare(keyring: Keyring, accepted: Accepted[]): Prepared[] {
  return accepted.map(({ submission, petition }) => {
    const details = decryptDetails(keyring, submission.details)
    const mailbox = mailboxFor(petition, keyring, details)
    const { language, consent_version: consentVersion } = submission
    const { tag } = mailbox
    const subscription = { petition, language, consentVersion, tag, email: details.email }
    return {
      submission,
      petition,
      mailbox,
      ...shownOf(keyring, petition, submission, details),
      subscription: submission.updates ? subscription : null,
    }
  })
}

/**
 * Of two that belong to one mailbox the first alone.
 *
 * @returns the ids of those that became signatures
 */
export async function writeSignatures(
  db: Db,
  { clock, keyring }: { clock: Clock; keyring: Keyring },
  prepared: Prepared[],
): Promise<Set<string>> {
  const now = clock.now()
  const first = firstOfEach(prepared)
  const writeAll = async (trx: Db, look: boolean) => {
    const confirmed = await insertSignatures(trx, first, { now, look })
    await subscribe(
      trx,
      keyring,
      first.flatMap(({ submission, subscription }) =>
        subscription && confirmed.has(submission.id) ? [subscription] : [],
      ),
    )
    return confirmed
  }
  // One statement needs no transaction around it.
  const inOne = first.some(({ subscription }) => subscription)
  return againAfterCollision(db, (look) =>
    inOne ? inTransaction(db, (trx) => writeAll(trx, look)) : writeAll(db, look),
  )
}

function firstOfEach(prepared: Prepared[]): Prepared[] {
  const mailboxes = new Map<string, Prepared>()
  for (const each of prepared) {
    const mailbox = `${each.petition.id} ${each.mailbox.tag.toString('base64')}`
    if (!mailboxes.has(mailbox)) mailboxes.set(mailbox, each)
  }
  return [...mailboxes.values()]
}

/**
 * A mailbox whose signature was lost with a database signs anew: the lost one, of which only the log knows,
 * is withdrawn there and here in the same transaction, so that the signer counts once.
 *
 * @returns the ids of those that became signatures
 */
export async function replaceLost(
  db: Db,
  needs: { clock: Clock; keyring: Keyring },
  refused: Prepared[],
): Promise<Set<string>> {
  const replaceAll = async (trx: Db) => {
    const waiting = refused.map(({ submission: { id }, mailbox: { tag } }) => ({ id, tag }))
    const lost = new Map((await findLost(trx, waiting)).map((each) => [each.submissionId, each.id]))
    const found = refused.filter(({ submission }) => lost.has(submission.id))
    if (found.length === 0) return new Set<string>()
    for (const { submission, petition } of found) {
      await withdrawSignature(trx, needs, petition, lost.get(submission.id)!)
    }
    return writeSignatures(trx, needs, found)
  }
  return againAfterCollision(db, () => inTransaction(db, replaceAll))
}

/**
 * Nearly nobody who confirms has signed: it is looked up once a first attempt has failed for it, and at
 * once within the caller's own transaction, where nothing can be tried again.
 */
async function againAfterCollision<T>(db: Db, work: (look: boolean) => Promise<T>): Promise<T> {
  for (let attempt = db.isTransaction ? ATTEMPTS : 1; ; attempt++) {
    try {
      return await work(attempt > 1)
    } catch (error) {
      if (attempt === ATTEMPTS || !isCollision(error)) throw error
    }
  }
}

const inTransaction = <T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work)

/** What the public will see of a submission once it is confirmed, and approved where it waits for that. */
export function shownOf(
  keyring: Keyring,
  petition: Petition,
  { display, language }: Pick<Submission, 'display' | 'language'>,
  { name, comment }: SignerDetails,
): Shown {
  return {
    name: publicName(name, display, language),
    nameState: reviewsNames(petition) ? 'waiting' : 'approved',
    comment: comment ? encryptComment(keyring, comment) : null,
  }
}
