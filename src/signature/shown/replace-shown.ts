import type { Db } from '../../database.ts'
import { type Petition, reviewsNames } from '../../petition/petition.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { answers, type LinkToken } from '../../platform/link-token.ts'
import {
  decryptComment,
  decryptDetails,
  encryptComment,
  type SignerDetails,
} from '../../sealing/signer-details.ts'
import { subscribe, unsubscribeSigner } from '../../subscriber/subscribe.ts'
import { mailboxFor } from '../mailbox.ts'
import { createFindWords, type FindWords } from '../moderation/find-words.ts'
import { findHold } from '../moderation/hold.ts'
import {
  findByLink,
  findByMailbox,
  findSignature,
  type StoredSignature,
  type Submission,
} from '../reads.ts'
import { deleteShown, insertComment, insertPublicName, readText } from '../store/shown.ts'
import type { Shown } from '../store/signatures.ts'
import { deleteUnconfirmed } from '../store/submissions.ts'
import { publicName } from './public-name.ts'

/** What decides on what is shown at once. */
export interface Holding {
  keyring: Keyring
  /** By the site's lists alone, where it is left out. */
  hasHeldWord?: FindWords
}

const defaultWords = createFindWords()

/** The public part of a submission, once it is confirmed and, where names or comments are reviewed, approved. */
export function shownOf(
  { keyring, hasHeldWord = defaultWords }: Holding,
  petition: Petition,
  { display, language }: Pick<Submission, 'display' | 'language'>,
  { name, comment }: SignerDetails,
): Shown {
  const shown = publicName(name, display, language)
  const hold = shown === null ? null : findHold(shown, hasHeldWord)
  const nameWhy = hold ?? (reviewsNames(petition) ? 'review' : null)
  return {
    name: shown,
    nameState: nameWhy ? 'waiting' : 'approved',
    nameWhy,
    comment: comment ? encryptComment(keyring, comment) : null,
    commentWhy: comment ? (findHold(comment, hasHeldWord) ?? 'review') : null,
  }
}

/**
 * A mailbox that has signed replaces the name or initials and the comment on the page, and the wish for updates,
 * by those of a later form. The requester holds the mailbox. The sealed record and the
 * log stay as they were signed; the later form's submission is erased.
 *
 * @param trx the caller's transaction
 * @returns `replaced` is false when the submission is gone, or the signature no longer counts
 */
export async function replaceShown(
  trx: Db,
  holding: Holding,
  petitions: Petition[],
  link: LinkToken,
): Promise<{ replaced: boolean; petition: Petition | null }> {
  const { keyring } = holding
  const { submission } = await findByLink(trx, link.id)
  const petition = petitions.find(({ id }) => id === submission?.petition_id) ?? null
  if (!submission || !petition?.tagKey || !answers(submission, link)) {
    return { replaced: false, petition: null }
  }
  const details = decryptDetails(keyring, submission.details)
  const mailbox = mailboxFor(petition, keyring, details)
  // Locked before any submission is deleted: in the order in which a withdrawal locks them.
  const own = await findByMailbox(trx, petition.id, mailbox, { confirmed: true, lock: true })
  const signature = own && (await findSignature(trx, own.id))
  if (!signature || !(await deleteUnconfirmed(trx, link.id))) return { replaced: false, petition }
  await writeShown(trx, keyring, signature, shownOf(holding, petition, submission, details))
  if (submission.updates) {
    const { language, consent_version: consentVersion } = submission
    // By the signature's own tag, which a withdrawal will look for.
    const tag = signature.tag!
    await subscribe(trx, keyring, [
      { petition, language, consentVersion, tag, email: details.email },
    ])
  } else {
    await unsubscribeSigner(trx, keyring, petition, signature.tag)
  }
  return { replaced: true, petition }
}

/**
 * An unchanged text keeps the decision on it. A name that organisers have hidden, or have yet to
 * read, does not get past them by being changed, or removed and entered anew: its row stays without its text,
 * and the next name waits. The caller holds the signature.
 */
async function writeShown(
  trx: Db,
  keyring: Keyring,
  { id, petition_id, country, confirmed_at }: StoredSignature,
  { name, nameState, nameWhy, comment, commentWhy }: Shown,
): Promise<void> {
  const shared = { signature_id: id, petition_id, country: country!, confirmed_at }
  const { names, comments } = await deleteShown(trx, [id])
  const [named] = names
  const [commented] = comments
  const isHeld = named !== undefined && named.state !== 'approved'
  const known = named && readText(keyring, { ...named, comment: null })
  if (named && name !== null && known === name) await insertPublicName(trx, named)
  else if (name !== null) {
    const held = isHeld ? ({ state: 'waiting', why: nameWhy ?? 'changed' } as const) : null
    await insertPublicName(trx, { ...shared, name, state: nameState, why: nameWhy, ...held })
  } else if (isHeld) {
    const { state, why, decided_at } = named
    await insertPublicName(trx, { ...shared, name, state, why, decided_at })
  }
  if (comment) {
    const read = (text: Buffer) => decryptComment(keyring, text)
    const isSame = commented && read(commented.text) === read(comment)
    const written = { ...shared, text: comment, why: commentWhy }
    await insertComment(trx, isSame ? commented : written)
  }
}
