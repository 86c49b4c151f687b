import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { decryptDetails, encryptComment, type SignerDetails } from '../sealing/signer-details.ts'
import { publicName } from '../signature/public-name.ts'
import { tagFor } from '../signature/sign-petition.ts'
import { type NewSubscription, subscribe } from '../supporter/subscribe.ts'
import { withdrawSignature } from '../withdrawal/withdraw-signature.ts'
import {
  findLost,
  insertSignatures,
  type NewSignature,
  type Submission,
} from './confirmation.queries.ts'

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
    const tag = tagFor(petition, keyring, details.normalisedEmail)
    const { language, consent_version: consentVersion } = submission
    const subscription = { petition, language, consentVersion, tag, email: details.email }
    return {
      submission,
      petition,
      tag,
      ...shownOf(keyring, submission, details),
      subscription: submission.updates ? subscription : null,
    }
  })
}

/** @returns the ids of those that became signatures */
export async function writeSignatures(
  db: Db,
  { clock, keyring }: { clock: Clock; keyring: Keyring },
  prepared: Prepared[],
): Promise<Set<string>> {
  const now = clock.now()
  const writeAll = async (trx: Db) => {
    const confirmed = await insertSignatures(trx, prepared, now)
    await subscribe(
      trx,
      keyring,
      prepared.flatMap(({ submission, subscription }) =>
        subscription && confirmed.has(submission.id) ? [subscription] : [],
      ),
    )
    return confirmed
  }
  // One statement needs no transaction around it.
  return prepared.some(({ subscription }) => subscription)
    ? inTransaction(db, writeAll)
    : writeAll(db)
}

/**
 * A mailbox whose signature was lost with a database signs anew: the lost one, of which only the log knows,
 * is withdrawn there and here in the same transaction, so that the signer counts once.
 *
 * @returns the ids of those that became signatures
 */
export async function replaceLost(
  db: Db,
  services: { clock: Clock; keyring: Keyring },
  refused: Prepared[],
): Promise<Set<string>> {
  return inTransaction(db, async (trx) => {
    const waiting = refused.map(({ submission: { id }, tag }) => ({ id, tag }))
    const lost = new Map((await findLost(trx, waiting)).map((each) => [each.submissionId, each.id]))
    const found = refused.filter(({ submission }) => lost.has(submission.id))
    if (found.length === 0) return new Set()
    for (const { submission, petition } of found) {
      await withdrawSignature(trx, services, petition, lost.get(submission.id)!)
    }
    return writeSignatures(trx, services, found)
  })
}

const inTransaction = <T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work)

/** What the public will see of a submission once it is confirmed. */
export function shownOf(
  keyring: Keyring,
  { display, language }: Pick<Submission, 'display' | 'language'>,
  { name, comment }: SignerDetails,
): { name: string | null; comment: Buffer | null } {
  return {
    name: publicName(name, display, language),
    comment: comment ? encryptComment(keyring, comment) : null,
  }
}
