import { decodeBase64, equalBytes } from '../../platform/bytes.ts'
import { COMMITMENT_BYTES, commit } from './commitment.ts'
import type { ExportLine } from './export-file.ts'
import { decodeRecord, type SignerRecord } from './sealed-record.ts'

/** Null when none of the keys fits. @throws when the file is damaged */
export type Decrypt = (sealed: Uint8Array) => Promise<Uint8Array | null>

export type OpenedRecord =
  | { outcome: 'opened'; record: SignerRecord }
  /** Sealed to other keys than those given. */
  | { outcome: 'other keys' }
  /** Its bytes were changed, cut, or are no record. */
  | { outcome: 'damaged' }
  /** A genuine record in another one's line or file. */
  | { outcome: 'misplaced' }
  /** The public log committed to another record. */
  | { outcome: 'mismatch'; record: SignerRecord }

/**
 * Opens one record and checks that it belongs to its line, its petition and its commitment.
 *
 * @param petition slug in the file's header
 */
export async function openRecord(
  decrypt: Decrypt,
  petition: string,
  line: ExportLine,
): Promise<OpenedRecord> {
  let plaintext: Uint8Array | null
  try {
    plaintext = await decrypt(line.sealed)
  } catch {
    return { outcome: 'damaged' }
  }
  if (!plaintext) return { outcome: 'other keys' }
  const record = decodeRecord(plaintext)
  const r = record && decodeBase64(record.r)
  if (!record || r?.length !== COMMITMENT_BYTES) return { outcome: 'damaged' }
  if (record.slug !== petition || record.id !== line.id) return { outcome: 'misplaced' }
  const same = equalBytes(commit(r, record), line.commitment)
  return same ? { outcome: 'opened', record } : { outcome: 'mismatch', record }
}
