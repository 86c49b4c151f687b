import type { Generated, GeneratedAlways } from 'kysely'

/** Signatures on paper that the organisers say they hold. */
export interface PaperTable {
  id: GeneratedAlways<number>
  petition_id: number
  signatures: number
  /** Null for one that only the log remembers: its scan is lost. */
  place: string | null
  /** `YYYY-MM-DD`; null with `place`. */
  collected_on: string | null
  added_at: Date
  hash: Generated<Buffer>
  /** A bigint; pg hands it over as a string. */
  size: Generated<string>
}

export interface PaperScanTable {
  paper_id: number
  part: number
  sealed: Buffer
}
