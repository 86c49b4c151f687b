import { decodeBase64 } from '../../platform/bytes.ts'
import { COMMITMENT_BYTES } from './commitment.ts'
import type { SignerRecord } from './sealed-record.ts'

/**
 * Some records opened for an auditor: one JSON document, a record a line. Each has the
 * fields that its commitment in the public log covers, the blinding r, and the address to write to.
 */
export const OPENED_FORMAT = 'undersigned-opened/1'

export interface OpenedFile {
  format: typeof OPENED_FORMAT
  petition: string
  records: OpenedEntry[]
}

type Committed = Pick<
  SignerRecord,
  'id' | 'r' | 'slug' | 'normalisedEmail' | 'name' | 'textVersion'
>

export interface OpenedEntry extends Committed {
  /** Of the signature's entry in the public log. */
  index: number
  /** As typed. */
  email: string
}

export function formatOpenedEntry(record: SignerRecord & { index: number | null }): string {
  const { index, id, r, slug, name, email, normalisedEmail, textVersion } = record
  return JSON.stringify({ index, id, r, slug, name, email, normalisedEmail, textVersion })
}

/** Null when the text is no such file, or a single field is wrong. */
export function parseOpened(text: string): OpenedFile | null {
  let value: Partial<Record<keyof OpenedFile, unknown>> | null
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const known =
    typeof value === 'object' &&
    value !== null &&
    value.format === OPENED_FORMAT &&
    typeof value.petition === 'string' &&
    Array.isArray(value.records) &&
    value.records.every(isEntry)
  return known ? (value as OpenedFile) : null
}

function isEntry(value: unknown): value is OpenedEntry {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Partial<Record<keyof OpenedEntry, unknown>>
  return (
    Number.isSafeInteger(fields.index) &&
    (fields.index as number) >= 0 &&
    Number.isSafeInteger(fields.textVersion) &&
    typeof fields.id === 'string' &&
    typeof fields.slug === 'string' &&
    typeof fields.name === 'string' &&
    typeof fields.email === 'string' &&
    typeof fields.normalisedEmail === 'string' &&
    typeof fields.r === 'string' &&
    decodeBase64(fields.r)?.length === COMMITMENT_BYTES
  )
}
