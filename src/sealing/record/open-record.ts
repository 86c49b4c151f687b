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
  /** A genuine record put in another one's place. */
  | { outcome: 'misplaced' }
  /** Not what the public log committed to. */
  | { outcome: 'mismatch'; record: SignerRecord }

/**
 * Opens one record and checks that it is the one that its line, its petition and the public log say.
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
