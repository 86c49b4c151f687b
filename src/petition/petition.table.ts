import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely'
import type { Delivery } from './delivery.ts'
import type { PetitionSettings } from './files/petition-files.ts'
import type { PetitionContent } from './files/petition-text.ts'
import type { Pause } from './pause.ts'

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
  /** Null: a draft. */
  published_at: Date | null
  /** When a draft is published by itself. */
  publish_at: Date | null
  /** In the address of the preview. */
  preview_id: string | null
  preview_until: Date | null
  pause: JSONColumnType<Pause> | null
  hidden_at: Date | null
  delivery: JSONColumnType<Delivery> | null
}

/** A petition that was published, and deleted before anybody signed: its links say so. */
export interface DeletedPetitionTable {
  slug: string
  deleted_at: Date
  /** Of partners' links. */
  codes: string[]
}

export interface PetitionTextTable {
  petition_id: number
  language: string
  version: number
  hash: Buffer
  content: JSONColumnType<PetitionContent>
  published_at: Date
}
