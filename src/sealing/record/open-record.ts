import { commitmentPreimage } from './commitment.ts'
import { decodeBase64, type ExportLine } from './export-file.ts'
import { decodeRecord, type SignerRecord } from './sealed-record.ts'

/** What record opening needs from its surroundings: the organisers' keys and SHA-256. */
export interface Opener {
  /** Null when none of the keys fits. @throws when the file is damaged */
  decrypt(sealed: Uint8Array): Promise<Uint8Array | null>
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> | Uint8Array
}

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
  opener: Opener,
  petition: string,
  line: ExportLine,
): Promise<OpenedRecord> {
  let plaintext: Uint8Array | null
  try {
    plaintext = await opener.decrypt(line.sealed)
  } catch {
    return { outcome: 'damaged' }
  }
  if (!plaintext) return { outcome: 'other keys' }
  const record = decodeRecord(plaintext)
  const r = decodeBase64(record?.r)
  if (!record || r?.length !== 32) return { outcome: 'damaged' }
  if (record.slug !== petition || record.id !== line.id) return { outcome: 'misplaced' }
  const commitment = await opener.sha256(commitmentPreimage(r, record))
  const same = commitment.every((byte, index) => byte === line.commitment[index])
  return same ? { outcome: 'opened', record } : { outcome: 'mismatch', record }
}
