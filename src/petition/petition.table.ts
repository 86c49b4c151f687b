import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { PetitionSettings } from './files/petition-files.ts'
import type { PetitionContent } from './files/petition-text.ts'

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
