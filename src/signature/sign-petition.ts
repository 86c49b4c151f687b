import { offersUpdates, type Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { emailTag } from '../sealing/email-tag.ts'
import {
  encryptAddress,
  encryptDetails,
  newBlinding,
  unwrapTagKey,
} from '../sealing/signer-details.ts'
import type { SignInput } from './form/sign-form.ts'
import type { Intake } from './intake/take-signatures.ts'

/** Version of the consent sentence beside the checkbox; raise it when its meaning changes. */
export const CONSENT_VERSION = 1

/** A petition whose tag key was destroyed takes no part in signing any more. */
export class PetitionArchivedError extends Error {}

/** The keyed tag of an address for one petition. @throws PetitionArchivedError */
export function tagFor(petition: Petition, keyring: Keyring, normalisedEmail: string): Buffer {
  if (!petition.tagKey) throw new PetitionArchivedError(`${petition.slug} is archived`)
  return emailTag(unwrapTagKey(keyring, petition.tagKey), normalisedEmail)
}

/**
 * Records a signature that waits for its confirmation, and the job that mails the link, durably when it
 * returns. What the database and the clock see is the same for a new, a pending and a confirmed address:
 * one upsert, one job. The job decides which mail, if any, is due.
 *
 * @param language of the page, one of the petition's
 */
export async function signPetition(
  { clock, keyring, intake }: { clock: Clock; keyring: Keyring; intake: Intake },
  petition: Petition,
  language: string,
  input: SignInput,
): Promise<void> {
  await intake.add({
    petitionId: petition.id,
    textVersion: signedVersion(petition, language, input.textVersion),
    consentVersion: CONSENT_VERSION,
    display: input.display,
    updates: input.updates && offersUpdates(petition),
    country: input.country,
    language,
    source: input.source,
    ref: input.ref,
    tag: tagFor(petition, keyring, input.email.normalised),
    details: encryptDetails(keyring, {
      name: input.name,
      email: input.email.typed,
      normalisedEmail: input.email.normalised,
      postcode: input.postcode,
      comment: input.comment,
      r: newBlinding(),
    }),
    now: clock.now(),
    to: encryptAddress(keyring, input.email.typed),
  })
}

/** The version the signer saw, if there is such a one; a page in a cache may show an older text. */
function signedVersion(petition: Petition, language: string, seen: number | null): number {
  const versions = petition.texts.get(language)!
  return versions.find((text) => text.version === seen)?.version ?? versions[0]!.version
}
