import type { Generated } from 'kysely'

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
