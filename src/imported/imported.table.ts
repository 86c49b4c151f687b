import type { Generated, GeneratedAlways } from 'kysely'

/** What was taken in from one file. */
export interface ImportBatchTable {
  id: GeneratedAlways<number>
  petition_id: number
  /** One of src/imported/map-columns.ts. */
  origin: string
  /** Keyed hash. */
  file: Buffer
  signatures: Generated<number>
  begun_at: Date
  ended_at: Generated<Date | null>
  /** Of invitations, as the last order said: the same in all batches that were there at the order. Null: none was. */
  per_minute: Generated<number | null>
}

/** A signature that was collected elsewhere. */
export interface ImportedTable {
  id: string
  batch_id: number
  petition_id: number
  /** As a signature's. */
  tag: Buffer
  /** See marks.ts. */
  mark: Buffer
  commitment: Buffer
  /** An age file; see src/sealing/record/sealed-record.ts. */
  sealed: Buffer
  /** A mail was begun: there is no second one. */
  invited: Generated<boolean>
}

/** An invitation that has no outcome yet. */
export interface InvitationTable {
  imported_id: string
  petition_id: number
  language: string
  address: Buffer
  due_at: Generated<Date | null>
  doubted_at: Generated<Date | null>
  tries: Generated<number>
  under_way: Generated<boolean>
  /** It is given up then, sent or not. */
  forget_at: Date
}

/** Of a mailbox that was invited, or refused, whatever became of its batch. */
export interface ImportMarkTable {
  /** See src/imported/marks.ts. */
  mark: Buffer
  petition_id: number | null
  refused: boolean
}

export interface ImportTotalTable {
  petition_id: number
  told: number
  told_at: Date
}
