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
  /** Of those that wait: how many of its network do before it. */
  turn: Generated<number>
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

/** What a signer shows, and how it was decided on. */
interface ModeratedTable {
  signature_id: string
  petition_id: number
  state: Generated<ModerationState>
  country: string
  confirmed_at: Date
  decided_at: Generated<Date | null>
  /** One of src/signature/moderation/why.ts: why it waits, or was hidden. */
  why: Generated<string | null>
  /** Since it was decided on last. */
  reports: Generated<number>
  /** The reason that the last report gave. */
  reported: Generated<string | null>
  reported_at: Generated<Date | null>
  /** The last decision's number, and what was before it. */
  decision: Generated<number | null>
  was: Generated<ModerationState | null>
  was_why: Generated<string | null>
  was_decided_at: Generated<Date | null>
}

export interface PublicNameTable extends ModeratedTable {
  /** Null where it is hidden; and where a signer removed a name that organisers had hidden or had yet to read. */
  name: string | null
  /** The name while it is hidden, encrypted under the server's key; erased after 30 days. */
  hidden: Generated<Buffer | null>
}

export interface CommentTable extends ModeratedTable {
  /** Encrypted under the server's key. */
  text: Buffer
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

/** What is noted of a form; see src/defence/traits.ts. */
export interface TraitTable {
  /** The submission's, and the signature's that is made of it. */
  id: string
  petition_id: number
  received_at: Date
  country: string
  language: string
  provider: string | null
  again: boolean
  name: string
  client: string
}

/** A network or a domain that three forms or more of one day have in common. */
export interface SharedTraitTable {
  id: string
  kind: string
  /** Keyed hash. */
  value: Buffer
}

/** All forms that a petition ever got, in parts. */
export interface FormCountTable {
  petition_id: number
  part: number
  /** A bigint; pg hands it over as a string. */
  forms: string
}

export interface QuarantinedTable {
  signature_id: string
  petition_id: number
  quarantine_id: number
}
