import type { Generated, Kysely } from 'kysely'
import type { ActionTable } from './actions/action.table.ts'
import type {
  FlowDayTable,
  FlowTable,
  MailCountTable,
  MailLeaseTable,
  SpentProofTable,
} from './defence/defence.table.ts'
import type {
  ImportBatchTable,
  ImportedTable,
  ImportMarkTable,
  ImportTotalTable,
  InvitationTable,
} from './imported/imported.table.ts'
import type {
  LogBundleTable,
  LogCountTable,
  LogPlaceTable,
  LogQueueTable,
  LogStateTable,
  LogTileTable,
} from './log/log.table.ts'
import type { PaperScanTable, PaperTable } from './paper/paper.table.ts'
import type {
  DeletedPetitionTable,
  PetitionTable,
  PetitionTextTable,
} from './petition/petition.table.ts'
import type { PictureFileTable, PictureTable } from './picture/picture.table.ts'
import type {
  AlertTable,
  PublicScrutinyTable,
  QuarantineTable,
  TraitHourTable,
} from './scrutiny/scrutiny.table.ts'
import type { PartnerLinkTable, ShareClickTable } from './sharing/sharing.table.ts'
import type {
  CommentTable,
  FormCountTable,
  PublicNameTable,
  QuarantinedTable,
  SealedRecordTable,
  SealingQueueTable,
  SharedTraitTable,
  SignatureTable,
  SubmissionTable,
  TraitTable,
} from './signature/signature.table.ts'
import type { SubscriberTable } from './subscriber/subscriber.table.ts'
import type { LetterCountTable, TargetEntryTable, TargetTable } from './target/target.table.ts'
import type {
  BroadcastMailTable,
  BroadcastTable,
  PetitionUpdateTable,
  UpdateTextTable,
} from './update/update.table.ts'
import type {
  WebhookDeliveryTable,
  WebhookEventTable,
  WebhookTable,
  WebhookToldTable,
} from './webhook/webhook.table.ts'

/** Every table the program reads or writes; tests/database/schema-drift.test.ts holds it to the migrations. */
export interface Database {
  petition: PetitionTable
  petition_text: PetitionTextTable
  picture: PictureTable
  picture_file: PictureFileTable
  deleted_petition: DeletedPetitionTable
  submission: SubmissionTable
  signature: SignatureTable
  mail_count: MailCountTable
  mail_lease: MailLeaseTable
  spent_proof: SpentProofTable
  flow: FlowTable
  flow_day: FlowDayTable
  trait: TraitTable
  shared_trait: SharedTraitTable
  trait_hour: TraitHourTable
  form_count: FormCountTable
  public_scrutiny: PublicScrutinyTable
  alert: AlertTable
  quarantine: QuarantineTable
  quarantined: QuarantinedTable
  public_name: PublicNameTable
  comment: CommentTable
  tally_queue: TallyQueueTable
  tally: TallyTable
  partner_link: PartnerLinkTable
  share_click: ShareClickTable
  sealed_record: SealedRecordTable
  sealing_queue: SealingQueueTable
  paper: PaperTable
  paper_scan: PaperScanTable
  import_batch: ImportBatchTable
  imported: ImportedTable
  invitation: InvitationTable
  import_mark: ImportMarkTable
  import_total: ImportTotalTable
  proved_recipient: ProvedRecipientTable
  subscriber: SubscriberTable
  petition_update: PetitionUpdateTable
  update_text: UpdateTextTable
  broadcast: BroadcastTable
  broadcast_mail: BroadcastMailTable
  log_state: LogStateTable
  log_queue: LogQueueTable
  log_bundle: LogBundleTable
  log_tile: LogTileTable
  log_place: LogPlaceTable
  log_count: LogCountTable
  log_tally: LogTallyTable
  database_mark: DatabaseMarkTable
  letter_count: LetterCountTable
  target: TargetTable
  target_entry: TargetEntryTable
  action: ActionTable
  webhook: WebhookTable
  webhook_event: WebhookEventTable
  webhook_delivery: WebhookDeliveryTable
  webhook_told: WebhookToldTable
}

/** The pool's handle or a transaction's: queries take either. */
export type Db = Kysely<Database>

/** Recipients whose holder has decrypted a challenge. */
export interface ProvedRecipientTable {
  /** `age1…` */
  recipient: string
  proved_at: Date
}

/** `quarantined` and `released`: a confirmed signature is taken out of the count, and comes back or is decided on. */
export type TallyEvent = 'confirmed' | 'withdrawn' | 'voided' | 'quarantined' | 'released'
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

/** One row; see src/restoring/database-mark.ts. */
export interface DatabaseMarkTable {
  single: Generated<boolean>
  identity: string
  count: string
}
