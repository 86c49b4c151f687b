import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { TargetFacts, Texts } from './facts.ts'

export type EntryKind = 'asked' | 'answered' | 'mistake'
export type Stance = 'agrees' | 'partly' | 'refuses' | 'other'

/** One whom a petition asks: a person or an office. */
export interface TargetTable {
  id: GeneratedAlways<number>
  petition_id: number
  /** The word that commands and addresses call it by. */
  word: string
  place: number
  country: string
  facts: JSONColumnType<TargetFacts>
}

/** How many say that they have written to one of them. */
export interface LetterCountTable {
  petition_id: number
  letters: number
}

/** What became of it. Rows are added and never changed: a trigger refuses it to the tables' owner, too. */
export interface TargetEntryTable {
  id: GeneratedAlways<number>
  target_id: number
  noted_at: Date
  /** `mistake`: what the corrected entry tells never happened. */
  kind: EntryKind
  /** A day, as 2024-03-01. */
  happened_on: string
  stance: Generated<Stance | null>
  texts: JSONColumnType<Texts> | null
  source: Generated<string | null>
  /** The entry that this one takes the place of. */
  corrects: Generated<number | null>
}
