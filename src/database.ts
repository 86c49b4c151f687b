import type { Generated, GeneratedAlways, JSONColumnType, Kysely } from 'kysely'
import type { LogTallyTable, TallyQueueTable, TallyTable } from './count/count.table.ts'
import type {
  DatabaseMarkTable,
  LogBundleTable,
  LogCountTable,
  LogPlaceTable,
  LogQueueTable,
  LogStateTable,
  LogTileTable,
} from './log/log.table.ts'
import type { PetitionSettings } from './petition/files/petition-files.ts'
import type { PetitionContent } from './petition/files/petition-text.ts'
import type {
  ProvedRecipientTable,
  SealedRecordTable,
  SealingQueueTable,
} from './signature/sealing.table.ts'
import type { CommentTable, PublicNameTable } from './signature/shown/public-signer.table.ts'
import type {
  MailCountTable,
  SignatureTable,
  SubmissionTable,
} from './signature/signature.table.ts'
import type { SubscriberTable } from './subscriber/subscriber.table.ts'

/** Every table the program reads or writes; tests/database/schema-drift.test.ts holds it to the migrations. */
export interface Database {
  petition: PetitionTable
  petition_text: PetitionTextTable
  submission: SubmissionTable
  signature: SignatureTable
  mail_count: MailCountTable
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
