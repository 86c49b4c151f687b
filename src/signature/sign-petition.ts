import { randomInt } from 'node:crypto'
import type { Db } from '../database.ts'
import type { Weighed } from '../defence/intake.ts'
import { createSharedTraits, type SharedTraits } from '../defence/shared-traits.ts'
import { offersUpdates, type Petition } from '../petition/petition.ts'
import type { Clock } from '../platform/clock.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { FORM_WITHIN_MS } from '../platform/in-time.ts'
import type { Keyring } from '../platform/keyring.ts'
import { createMicroBatch, type MicroBatch } from '../platform/micro-batch.ts'
import { newId } from '../platform/random-id.ts'
import { encryptDetails, newBlinding } from '../sealing/signer-details.ts'
import { readAttribution } from '../sharing/attribution.ts'
import type { ResolveCode } from '../sharing/resolve-code.ts'
import type { SignInput } from './form/sign-form.ts'
import { MAIL_SUBMISSIONS } from './mail/mail-submissions.ts'
import { addressFor } from './mailbox.ts'
import { publicName } from './shown/public-name.ts'
import { insertSubmissions, type NewSubmission } from './store/submissions.ts'

/** Version of the consent sentence beside the checkbox; raise it when its meaning changes. */
const CONSENT_VERSION = 1

/** Rows a statement; larger ones gain nothing and take longer each. */
const LIMIT = 200
/**
 * Submissions that come while a batch is written go into the next. With a second lane batches are smaller, cost the
 * database more, and the slowest answers take longer.
 */
const LANES = 1

/** Processes that sign at the same moment add to different counts, most of the time. */
const COUNT_PARTS = 64

/** Writes submissions, many in one statement. `add` settles when the submission is durable. */
interface Intake extends MicroBatch<NewSubmission, undefined> {
  shared: SharedTraits
}

interface SigningNeeds {
  clock: Clock
  keyring: Keyring
  intake: Intake
  resolveCode: ResolveCode
}

export function createIntake(db: Db): Intake {
  const part = randomInt(COUNT_PARTS)
  const batches = createMicroBatch<NewSubmission, undefined>({
    limit: LIMIT,
    lanes: LANES,
    within: FORM_WITHIN_MS,
    isCommon: isDatabaseAway,
    async write(rows) {
      await insertSubmissions(db, rows, { task: MAIL_SUBMISSIONS, part })
      return rows.map(() => undefined)
    },
  })
  return { ...batches, shared: createSharedTraits() }
}

/**
 * Records a submission, and the job that mails its link to exactly the address that was typed, durably when
 * it returns. Nothing is looked up about the address: work, time and bytes are the same whoever has signed.
 *
 * @param language of the page, one of the petition's
 * @param weighed what the form was judged by
 * @throws PetitionArchivedError
 */
export async function signPetition(
  { clock, keyring, intake, resolveCode }: SigningNeeds,
  petition: Petition,
  language: string,
  input: SignInput,
  { held, turn, proof, traits }: Weighed,
): Promise<void> {
  const { ref, source } = await readAttribution(resolveCode, petition.id, input)
  const id = newId()
  await intake.add({
    id,
    petitionId: petition.id,
    textVersion: signedVersion(petition, language, input.textVersion),
    consentVersion: CONSENT_VERSION,
    // A name without letters has no initials.
    display: publicName(input.name, input.display, language) === null ? 'hidden' : input.display,
    updates: input.updates && offersUpdates(petition),
    country: input.country,
    language,
    source,
    ref,
    address: addressFor(petition, keyring, input.email),
    details: encryptDetails(keyring, {
      name: input.name,
      email: input.email.typed,
      normalisedEmail: input.email.normalised,
      postcode: input.postcode,
      comment: input.comment,
      ...(input.mirror && { mirror: input.mirror }),
      r: newBlinding(),
    }),
    now: clock.now(),
    held,
    turn,
    proof,
    traits,
    shared: traits ? intake.shared.note(id, petition.id, traits) : [],
  })
}

/** The version the signer saw, if there is such a one; a page in a cache may show an older text. */
function signedVersion(petition: Petition, language: string, seen: number | null): number {
  const versions = petition.texts.get(language)!
  return versions.find((text) => text.version === seen)?.version ?? versions[0]!.version
}
