import type { Db } from '../database.ts'
import type { Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { answers, type LinkToken } from '../platform/link-token.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import { subscribe } from '../subscriber/subscribe.ts'
import { unsubscribeSigner } from '../subscriber/unsubscribe.ts'
import { deleteUnconfirmed, findByIds } from './confirmation.queries.ts'
import { mailboxFor } from './mailbox.ts'
import { holdStanding, replaceShown } from './shown.queries.ts'
import { shownOf } from './write-signatures.ts'

/**
 * A mailbox that has signed takes what a later form brought for what the page shows: name or initials or
 * neither, comment, and the wish for updates. Whoever presses holds the mailbox. The sealed record and the
 * log stay as they were signed; the later form is erased.
 *
 * @param trx the caller's transaction
 * @returns false when there is nothing of the form (any more), or the signature no longer stands
 */
export async function replaceWhatIsShown(
  trx: Db,
  keyring: Keyring,
  petitions: Petition[],
  link: LinkToken,
): Promise<{ replaced: boolean; petition: Petition | null }> {
  const submission = (await findByIds(trx, [link.id])).get(link.id)?.submission
  const petition = petitions.find(({ id }) => id === submission?.petition_id) ?? null
  if (!submission || !petition?.tagKey || !answers(submission, link)) {
    return { replaced: false, petition: null }
  }
  const details = decryptDetails(keyring, submission.details)
  const mailbox = mailboxFor(petition, keyring, details)
  const signature = await holdStanding(trx, petition.id, mailbox)
  if (!signature || !(await deleteUnconfirmed(trx, link.id))) return { replaced: false, petition }
  await replaceShown(trx, keyring, signature, shownOf(keyring, petition, submission, details))
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
