import type { PetitionSettings } from '../petition/files/petition-files.ts'
import type { PetitionContent } from '../petition/files/petition-text.ts'
import type { Moment } from '../petition/files/read-moment.ts'

/** What publishing would change. */
export interface Changes {
  slug: string
  /** Null for a petition that isn't there yet. */
  before: Published | null
  after: Published
  /** When what is there was last changed; null with `before`. */
  updatedAt: Date | null
  /** Languages whose text becomes a new version; `before` is null for a language that is new. */
  texts: { language: string; version: number; before: PetitionContent | null }[]
  /** The contents as they will be. */
  contents: Record<string, PetitionContent>
  /** What is taken from signers or readers, or can't be undone: each needs a yes. */
  losses: string[]
  /** Languages that have a file and aren't listed. */
  unlisted: string[]
}

export interface Published {
  settings: PetitionSettings
  opens: Moment
  closes: Moment | null
}
