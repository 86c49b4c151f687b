import type { Generated } from 'kysely'
import type { Display } from '../sealing/record/sealed-record.ts'

/*
 * The life of a signature. A submission and the signature that is made of it have the same id.
 *
 * state                | rows                                         | moved on by
 * ---------------------|----------------------------------------------|------------------------------------
 * waiting              | submission                                   | confirm, reject, replace, erase
 * confirmed, readable  | submission (confirmed), signature            | seal, withdraw, void
 * confirmed, sealed    | signature, sealed_record                     | withdraw, void
 * voided               | signature (voided), the rest as before       | seal (if readable), withdraw
 * withdrawn            | signature: only when, and of which text      | nothing
 * rejected, erased     | none                                         | nothing
 *
 * verb and its file    | writes                                       | erases
 * ---------------------|----------------------------------------------|------------------------------------
 * sign-petition        | submission, the job that mails its link      |
 * confirm-signatures   | signature, public_name, comment, subscriber; |
 *                      | tally_queue, sealing_queue                   |
 * reject-submission    |                                              | submission
 * shown/replace-shown  | public_name, comment, subscriber             | the later form's submission
 * seal-batch           | sealed_record, log_queue                     | submission
 * void-signatures      | state; tally_queue, log_queue                | public_name, comment, subscriber
 * withdraw-signature   | state, withdrawn_at; tally_queue, log_queue  | those, submission, sealed_record,
 *                      |                                              | tag, address, country, language, ref
 * remind-or-erase      | reminded, the job that mails the reminder    | submission: after 14 days, or when
 *                      |                                              | its petition is archived or deleted
 *
 * Every statement that writes these tables, subscriber and log_queue aside, stands in store/.
 */

export type SignatureState = 'confirmed' | 'withdrawn' | 'voided'

/** What one form brought; nothing another form does changes it. Gone once it is sealed, rejected or 14 days old. */
export interface SubmissionTable {
  /** 128 random bits; the signature that is made of it has the same. */
  id: string
  created_at: Date
  /** When a mail server took the mail with the link. */
  mailed_at: Generated<Date | null>
  petition_id: number
  text_version: number
  consent_version: number
  display: Display
  updates: boolean
  reminded: Generated<boolean>
  undeliverable: Generated<boolean>
  /** A signature was made of it; until that is sealed, the details stay here. */
  confirmed: Generated<boolean>
  country: string
  language: string
  source: string | null
  ref: string | null
  /** Keyed hash of the address, spelt exactly so. */
  address: Buffer
  /** Encrypted under the server's key. */
  details: Buffer
}

/**
 * The text version of a signature that `log rebuild` made of an entry: signed, and nothing more is known.
 * Versions of texts count from one.
 */
export const LOST_VERSION = 0

/** What a confirmation made: one for each petition and mailbox. */
export interface SignatureTable {
  id: string
  confirmed_at: Date
  /** Also set when a voided signature was withdrawn. */
  withdrawn_at: Generated<Date | null>
  petition_id: number
  text_version: number
  state: Generated<SignatureState>
  /** Null once withdrawn, like the language. */
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
  /** Keyed hash of the mailbox; null once withdrawn. */
  tag: Buffer | null
  /** Keyed hash of the address that confirmed; null once withdrawn, and where it was never known. */
  address: Buffer | null
}

/** Only what is approved is shown. */
export type ModerationState = 'waiting' | 'approved' | 'refused'

export interface PublicNameTable {
  signature_id: string
  petition_id: number
  state: Generated<ModerationState>
  /** Null where a signer removed a name that organisers had hidden or had yet to read: the next one waits. */
  name: string | null
  country: string
  confirmed_at: Date
  decided_at: Generated<Date | null>
}

export interface CommentTable {
  signature_id: string
  petition_id: number
  state: Generated<ModerationState>
  /** Encrypted under the server's key. */
  text: Buffer
  country: string
  confirmed_at: Date
  decided_at: Generated<Date | null>
}

export interface SealedRecordTable {
  petition_id: number
  signature_id: string
  /** SHA-256; see src/sealing/record/commitment.ts. */
  commitment: Buffer
  /** An age file; see src/sealing/record/sealed-record.ts. */
  sealed: Buffer
}

/** Confirmed signatures that are still to be sealed. */
export interface SealingQueueTable {
  signature_id: string
}

/** The columns of a signature that it is counted by. */
export type Countable = Pick<
  SignatureTable,
  'petition_id' | 'confirmed_at' | 'country' | 'language' | 'source' | 'ref'
>

/** The same for the public log; null once the row is erased. */
export function countedBy({ confirmed_at, country, language, ref }: Countable) {
  if (country === null || language === null) return null
  return { confirmedAt: confirmed_at, country, language, ref }
}
