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
