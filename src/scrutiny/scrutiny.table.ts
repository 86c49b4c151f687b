import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { AnomalyFigures } from './find-anomalies.ts'
import type { Rule } from './rule.ts'

/** How many forms of an hour had a trait. */
export interface TraitHourTable {
  petition_id: number
  /** Its beginning. */
  hour: Date
  trait: string
  value: string
  forms: number
}

/** What everybody may see of forms and of quarantine: up to the last full hour, in steps. */
export interface PublicScrutinyTable {
  petition_id: number
  received: string
  quarantined: string
  turned_away: string
}

/** Something that more forms have in common than before. */
export interface AlertTable {
  id: GeneratedAlways<number>
  petition_id: number
  trait: string
  value: string
  opened_at: Date
  seen_at: Date
  closed_at: Generated<Date | null>
  figures: JSONColumnType<AnomalyFigures>
}

/** Signatures that are taken out of the count by a rule until somebody has decided. */
export interface QuarantineTable {
  id: GeneratedAlways<number>
  petition_id: number
  reason: string
  rule: JSONColumnType<Rule>
  made_at: Date
  /** Whether it takes signatures that come later, too. */
  is_standing: boolean
  /** When its signatures are voided, unless somebody releases them before. */
  void_at: Generated<Date | null>
  /** Voided signatures that the log never counted. */
  turned_away: Generated<number>
  ended_at: Generated<Date | null>
}
