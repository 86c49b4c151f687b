import { decodeBase64, encodeBase64 } from '../../platform/bytes.ts'
import { COMMITMENT_BYTES } from './commitment.ts'

/**
 * The file of sealed records: JSON Lines in UTF-8. The first line is the header; each line after it
 * is one record. Pure and free of Node, since the unsealing page reads it in a browser.
 */
export const EXPORT_FORMAT = 'undersigned-sealed/1'

/** As record-id.ts writes it: a uuid, or the number of a signature from before there were any. */
const RECORD_ID = /^(\d{1,19}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export interface ExportHeader {
  format: typeof EXPORT_FORMAT
  /** The petition's slug. */
  petition: string
  /** The signed checkpoint of the public log that the export was made at; null before there is one. */
  checkpoint: string | null
  /** How many records follow: shows a file that was cut short. */
  records: number
  /** ISO 8601, UTC. */
  exportedAt: string
}

export interface ExportLine {
  /** The signature's id. */
  id: string
  /** Its entry in the log of the header's checkpoint; null when it is not yet there. Unsigned, like all here. */
  index: number | null
  /** 32 bytes. */
  commitment: Uint8Array
  /** An age file. */
  sealed: Uint8Array
}

/** Null when the line is no header of this format. */
export function parseExportHeader(line: string): ExportHeader | null {
  const value = parseObject(line)
  const known =
    value?.format === EXPORT_FORMAT &&
    typeof value.petition === 'string' &&
    (value.checkpoint === null || typeof value.checkpoint === 'string') &&
    Number.isSafeInteger(value.records) &&
    (value.records as number) >= 0 &&
    typeof value.exportedAt === 'string'
  return known ? (value as unknown as ExportHeader) : null
}

/** Null when the line is no record; a single changed byte may do that. */
export function parseExportLine(line: string): ExportLine | null {
  const value = parseObject(line)
  if (!value || typeof value.id !== 'string' || !RECORD_ID.test(value.id)) return null
  const { index } = value
  if (index !== null && !(Number.isSafeInteger(index) && (index as number) >= 0)) return null
  if (typeof value.commitment !== 'string' || typeof value.sealed !== 'string') return null
  const commitment = decodeBase64(value.commitment)
  const sealed = decodeBase64(value.sealed)
  if (commitment?.length !== COMMITMENT_BYTES || !sealed) return null
  return { id: value.id, index: index as number | null, commitment, sealed }
}

/** The index of a line without a look at the rest; null when it has none. */
export function indexOfLine(line: string): number | null {
  const index = parseObject(line)?.index
  return Number.isSafeInteger(index) ? (index as number) : null
}

export function formatExportLine({ id, index, commitment, sealed }: ExportLine): string {
  return JSON.stringify({
    id,
    index,
    commitment: encodeBase64(commitment),
    sealed: encodeBase64(sealed),
  })
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
