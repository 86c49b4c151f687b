import { offersUpdates, type Petition } from '../petition/petition.ts'
import { type EmailAddress, tagText } from '../platform/address/email-address.ts'
import type { Clock } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import { newId } from '../platform/random-id.ts'
import { addressHash, emailTag } from '../sealing/email-tag.ts'
import { encryptDetails, newBlinding, unwrapTagKey } from '../sealing/signer-details.ts'
import type { SignInput } from './form/sign-form.ts'
import { publicName } from './public-name.ts'
import type { Intake } from './take-submissions.ts'

/** Version of the consent sentence beside the checkbox; raise it when its meaning changes. */
export const CONSENT_VERSION = 1

/** A petition whose tag key was destroyed takes no part in signing any more. */
export class PetitionArchivedError extends Error {}

/** The keyed tag of a mailbox for one petition. @throws PetitionArchivedError */
export function tagFor(petition: Petition, keyring: Keyring, normalisedEmail: string): Buffer {
  return emailTag(tagKeyOf(petition, keyring), tagText(normalisedEmail))
}

/** The tag that a former table of providers gave. @throws PetitionArchivedError */
export function formerTagFor(petition: Petition, keyring: Keyring, normalised: string): Buffer {
  return emailTag(tagKeyOf(petition, keyring), normalised)
}

/** The keyed hash of an address, spelt exactly so, for one petition. @throws PetitionArchivedError */
export function addressFor(petition: Petition, keyring: Keyring, { exact }: EmailAddress): Buffer {
  return addressHash(tagKeyOf(petition, keyring), exact)
}

/**
 * Records what a form brought, and the job that mails the link to exactly the address that was typed,
 * durably when it returns. Nothing is looked up: work, time and bytes are the same whoever has signed.
 *
 * @param language of the page, one of the petition's
 * @throws PetitionArchivedError
 */
export async function signPetition(
  { clock, keyring, intake }: { clock: Clock; keyring: Keyring; intake: Intake },
  petition: Petition,
  language: string,
  input: SignInput,
): Promise<void> {
  await intake.add({
    id: newId(),
    petitionId: petition.id,
    textVersion: signedVersion(petition, language, input.textVersion),
    consentVersion: CONSENT_VERSION,
    // A name without letters has no initials.
    display: publicName(input.name, input.display, language) === null ? 'hidden' : input.display,
    updates: input.updates && offersUpdates(petition),
    country: input.country,
    language,
    source: input.source,
    ref: input.ref,
    address: addressFor(petition, keyring, input.email),
    details: encryptDetails(keyring, {
      name: input.name,
      email: input.email.typed,
      normalisedEmail: input.email.normalised,
      postcode: input.postcode,
      comment: input.comment,
      r: newBlinding(),
    }),
    now: clock.now(),
  })
}

function tagKeyOf({ tagKey, slug }: Petition, keyring: Keyring): Buffer {
  if (!tagKey) throw new PetitionArchivedError(`${slug} is archived`)
  return unwrapTagKey(keyring, tagKey)
}

/** The version the signer saw, if there is such a one; a page in a cache may show an older text. */
function signedVersion(petition: Petition, language: string, seen: number | null): number {
  const versions = petition.texts.get(language)!
  return versions.find((text) => text.version === seen)?.version ?? versions[0]!.version
}
