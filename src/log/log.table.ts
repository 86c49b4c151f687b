import type { Generated, GeneratedAlways } from 'kysely'

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

export interface LogCountTable {
  petition_id: number
  sequenced: Generated<string>
  published: Generated<string>
  waiting_since: Generated<Date | null>
  thin_at: Generated<Date | null>
}
