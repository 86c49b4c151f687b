import { createHash } from 'node:crypto'

/** One language of a petition, as the front matter and body of its Markdown file give it. */
export interface PetitionContent {
  title: string
  slogan: string
  summary: string
  notice: string | null
  who: string
  whom: string
  what: string
  demands: string[]
  facts: { text: string; sources: string[] }[]
  /** Organiser's id to its name in this language. */
  organisers: Record<string, string>
  /** Source's id to its title and publisher in this language. */
  sources: Record<string, { title: string; publisher: string }>
  /** Markdown. */
  body: string
  /** SHA-256, in hexadecimal, of each file that the body shows: another picture is another text. Absent without. */
  pictures?: Record<string, string>
}

/** SHA-256 of the canonical form: the public log holds it, so that everyone can see a switched text. */
export function hashContent(content: PetitionContent): Buffer {
  return createHash('sha256').update(canonicalContent(content)).digest()
}

/**
 * JSON with keys sorted at every depth and no white space, so that the same text gives the same bytes
 * whatever the order of the file's keys.
 */
export function canonicalContent(content: PetitionContent): string {
  return JSON.stringify(sortKeys(content))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}
