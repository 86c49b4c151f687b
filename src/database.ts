import type { Generated, GeneratedAlways, JSONColumnType, Kysely } from 'kysely'
import type { PetitionSettings } from './petition/files/petition-files.ts'
import type { PetitionContent } from './petition/files/petition-text.ts'
import type {
  CommentTable,
  PublicNameTable,
  SealedRecordTable,
  SealingQueueTable,
  SignatureTable,
  SubmissionTable,
} from './signature/signature.table.ts'

/** Every table the program reads or writes; tests/database/schema-drift.test.ts holds it to the migrations. */
export interface Database {
  petition: PetitionTable
  petition_text: PetitionTextTable
  submission: SubmissionTable
  signature: SignatureTable
  mail_count: MailCountTable
  mail_lease: MailLeaseTable
  spent_proof: SpentProofTable
  flow: FlowTable
  flow_day: FlowDayTable
  public_name: PublicNameTable
  comment: CommentTable
  tally_queue: TallyQueueTable
  tally: TallyTable
  partner_link: PartnerLinkTable
  sealed_record: SealedRecordTable
  sealing_queue: SealingQueueTable
  proved_recipient: ProvedRecipientTable
  subscriber: SubscriberTable
  log_state: LogStateTable
  log_queue: LogQueueTable
  log_bundle: LogBundleTable
  log_tile: LogTileTable
  log_place: LogPlaceTable
  log_count: LogCountTable
  log_tally: LogTallyTable
  database_mark: DatabaseMarkTable
}

/** The pool's handle or a transaction's: queries take either. */
export type Db = Kysely<Database>

export interface PetitionTable {
  id: GeneratedAlways<number>
  slug: string
  settings: JSONColumnType<PetitionSettings>
  opens_at: Date
  closes_at: Date | null
  opens_zone: Generated<string | null>
  closes_zone: Generated<string | null>
  closed_at: Generated<Date | null>
  tag_key: Buffer | null
  created_at: Date
  updated_at: Date
}

export interface PetitionTextTable {
  petition_id: number
  language: string
  version: number
  hash: Buffer
  content: JSONColumnType<PetitionContent>
  published_at: Date
}

export interface PartnerLinkTable {
  code: string
  petition_id: number
  name: string
  created_at: Date
}

/** Recipients whose holder has decrypted a challenge. */
export interface ProvedRecipientTable {
  /** `age1…` */
  recipient: string
  proved_at: Date
}

/** A signer who wants updates by mail. Weaker than a sealed record: the server can read the address. */
export interface SubscriberTable {
  id: string
  petition_id: number
  language: string
  consent_version: number
  /** Keyed hash, another than the signature's: the tables can't be joined by it without the keys. */
  tag: Buffer
  /** The address as typed, encrypted under the server's key. */
  address: Buffer
  /** True once the first mail, which tells how to leave, was sent. */
  welcomed: Generated<boolean>
}

/** The mails that went to an address of late; see src/defence/cap-mails.ts. */
export interface MailCountTable {
  /** Keyed hash. */
  recipient: Buffer
  /** The newest last. */
  sent: Date[]
  last_sent: Date
}

/** The mails that are being sent; see src/defence/lease-mails.ts. */
export interface MailLeaseTable {
  /** Of a submission, a subscriber, or a request for a link to withdraw. */
  id: string
  renewed_at: Date
}

export interface SpentProofTable {
  id: Buffer
  expires_at: Date
}

export interface FlowTable {
  key: Buffer
  level: number
  drain: number
  at: Date
}

export interface FlowDayTable {
  day: string
  salt: Buffer
}

export type TallyEvent = 'confirmed' | 'withdrawn' | 'voided'
export type TallyDimension = 'total' | 'hour' | 'country' | 'language' | 'source' | 'ref'

export interface TallyQueueTable {
  petition_id: number
  event: TallyEvent
  confirmed_at: Date
  country: string
  language: string
  source: string
  ref: string | null
}

export interface TallyTable {
  petition_id: number
  dimension: TallyDimension
  key: string
  /** A bigint; pg hands it over as a string. */
  signatures: string
}

export type LogTallyDimension = 'total' | 'hour' | 'country' | 'language' | 'ref'

/** The same as of the public log's batches, with the published figures. */
export interface LogTallyTable {
  petition_id: number
  dimension: LogTallyDimension
  key: string
  /** A bigint; pg hands it over as a string. */
  signatures: string
  /** See src/count/guard-cells.ts. */
  shown: Generated<string>
  reference: Generated<string>
  changes: Generated<number>
}

/** Sizes and indexes of the log are bigints; pg hands them over as strings. */

/** One row: how far each step of the log's writing has come; see src/log/sequencing/sequence-log.ts. */
export interface LogStateTable {
  single: Generated<boolean>
  origin: string
  vkey: string
  sequenced: Generated<string>
  integrated: Generated<string>
  /** Of the `integrated` entries. */
  root: Buffer
  signed: Generated<string | null>
  signed_note: Generated<Buffer | null>
  published: Generated<string | null>
  published_note: Generated<Buffer | null>
  published_at: Generated<Date | null>
  taken_at: Generated<Date | null>
}

export interface LogQueueTable {
  id: GeneratedAlways<string>
  petition_id: number
  signature_id: Generated<string | null>
  /** 1, -1 or 0. */
  change: number
  entry: Buffer
  confirmed_at: Generated<Date | null>
  country: Generated<string | null>
  language: Generated<string | null>
  ref: Generated<string | null>
}

export interface LogBundleTable {
  n: string
  entries: Buffer
}

export interface LogTileTable {
  level: number
  n: string
  hashes: Buffer
}

export interface LogPlaceTable {
  signature_id: string
  index: string
}

/** One row; see src/restoring/database-mark.ts. */
export interface DatabaseMarkTable {
  single: Generated<boolean>
  identity: string
  count: string
}

export interface LogCountTable {
  petition_id: number
  sequenced: Generated<string>
  published: Generated<string>
  waiting_since: Generated<Date | null>
  thin_at: Generated<Date | null>
}
