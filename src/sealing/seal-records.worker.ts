import { workerData } from 'node:worker_threads'
import { Encrypter, type Recipient } from 'age-encryption'
import { parseEmail } from '../platform/address/email-address.ts'
import { createRecipient } from './age/x25519.ts'
import { commit } from './record/commitment.ts'
import { encodeRecord, type SignerRecord } from './record/sealed-record.ts'
import { newBlinding, openDetails } from './signer-details.ts'

/** Runs in a thread of its own: opening and sealing would hold up every request of the process. */

/** A signature as the database holds it. */
export interface RecordToSeal
  extends Omit<
    SignerRecord,
    'version' | 'r' | 'name' | 'email' | 'normalisedEmail' | 'postcode' | 'comment'
  > {
  details: Uint8Array
  recipients: string[]
}

export type SealOutcome =
  | { id: string; commitment: Uint8Array; sealed: Uint8Array }
  | { id: string; failure: string }

/** tinypool hands over the pool's own workerData as the second of two. */
const [, { detailsKey }] = workerData as [unknown, { detailsKey: Uint8Array }]

/** One that can't be sealed must not keep the others from it. */
export default async function sealRecords(records: RecordToSeal[]): Promise<SealOutcome[]> {
  const outcomes: SealOutcome[] = []
  for (const record of records) {
    try {
      outcomes.push(await sealRecord(record))
    } catch (error) {
      outcomes.push({ id: record.id, failure: (error as Error).message })
    }
  }
  return outcomes
}

async function sealRecord({ details, recipients, ...row }: RecordToSeal): Promise<SealOutcome> {
  const typed = openDetails(Buffer.from(detailsKey), Buffer.from(details))
  const record: SignerRecord = {
    version: 1,
    ...row,
    ...typed,
    // Signed before these two were kept with the details.
    normalisedEmail: typed.normalisedEmail ?? parseEmail(typed.email)!.normalised,
    r: typed.r ?? newBlinding(),
  }
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipientOf(recipient))
  return {
    id: record.id,
    commitment: commit(Buffer.from(record.r, 'base64'), record),
    sealed: await encrypter.encrypt(encodeRecord(record)),
  }
}

/** Few petitions, few recipients each: parsed once a thread. */
const known = new Map<string, Recipient>()

function recipientOf(text: string): Recipient {
  let recipient = known.get(text)
  if (!recipient) {
    recipient = createRecipient(text)
    known.set(text, recipient)
  }
  return recipient
}
