import type { Generated } from 'kysely'
import type { Display } from '../sealing/record/sealed-record.ts'

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
 * The text version of a signature that `log rebuild` made of an entry: signed, and nothing more is known. What
 * there is counts from one.
 */
export const LOST_VERSION = 0

/** What a confirmation made: one for each petition and mailbox. */
export interface SignatureTable {
  id: string
  confirmed_at: Date
  withdrawn_at: Generated<Date | null>
  petition_id: number
  text_version: number
  state: Generated<SignatureState>
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
  /** Keyed hash of the mailbox; null once withdrawn. */
  tag: Buffer | null
  /** Keyed hash of the address that confirmed; null once withdrawn, and where it was never known. */
  address: Buffer | null
}

/** How many mails went to an address of late; see src/defence/cap-mails.ts. */
export interface MailCountTable {
  /** Keyed hash. */
  recipient: Buffer
  /** The newest last. */
  sent: Date[]
  last_sent: Date
}
