import type { Generated, GeneratedAlways } from 'kysely'

export type SignatureState = 'pending' | 'confirmed' | 'withdrawn' | 'voided'
export type Display = 'hidden' | 'initials' | 'name'

export interface SignatureTable {
  /** A bigint; pg hands it over as a string. */
  id: GeneratedAlways<string>
  created_at: Date
  confirmed_at: Generated<Date | null>
  withdrawn_at: Generated<Date | null>
  mailed_at: Generated<Date | null>
  withdrawal_mailed_at: Generated<Date | null>
  petition_id: number
  text_version: number
  state: Generated<SignatureState>
  display: Display
  updates: boolean
  reminded: Generated<boolean>
  undeliverable: Generated<boolean>
  mails: Generated<number>
  consent_version: number
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
  tag: Buffer | null
  details: Buffer | null
}
