import type { Generated } from 'kysely'
import type { Display } from '../sealing/record/sealed-record.ts'

export type SignatureState = 'confirmed' | 'withdrawn' | 'voided'

/** One form as it was sent; no later form changes it. Deleted when it is sealed, rejected or 14 days old. */
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
  /** Why its mail waits: one of the names in defence/verdict.ts. */
  held: string | null
}

/** Made by a confirmation: one for each petition and mailbox. */
export interface SignatureTable {
  id: string
  confirmed_at: Date
  /** Also set when a voided signature was withdrawn. */
  withdrawn_at: Generated<Date | null>
  petition_id: number
  text_version: number
  state: Generated<SignatureState>
  /** Null once withdrawn, like language, source and ref. */
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
  /** Keyed hash of the mailbox; null once withdrawn. */
  tag: Buffer | null
  /** Keyed hash of the address that confirmed; null once withdrawn, and where it was never known. */
  address: Buffer | null
}

/** Only approved names and comments are shown. */
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
