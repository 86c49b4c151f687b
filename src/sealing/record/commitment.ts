import { concatBytes } from '../../platform/bytes.ts'
import { sha256 } from '../../platform/sha256.ts'
import type { SignerRecord } from './sealed-record.ts'

const LABEL = 'undersigned/commit/v1\0'
/** Length of r and of the commitment itself. */
export const COMMITMENT_BYTES = 32

/** The parts of a sealed record that its entry in the public log commits to. */
export type CommittedFields = Pick<
  SignerRecord,
  'slug' | 'id' | 'normalisedEmail' | 'name' | 'textVersion'
>

/**
 * The commitment to a signature, which reveals nothing of it: SHA-256 of the label, the blinding r, then
 * slug, record id, normalised e-mail, name and text version, each as a big-endian uint32 length and UTF-8
 * bytes. Without r an address or a name can't be tested.
 *
 * @param r 32 random bytes, used for this commitment only
 * @throws RangeError when r has another length
 */
export function commit(r: Uint8Array, record: CommittedFields): Uint8Array {
  if (r.length !== COMMITMENT_BYTES) throw new RangeError(`r has ${r.length} bytes, not 32`)
  const utf8 = new TextEncoder()
  const { slug, id, normalisedEmail, name, textVersion } = record
  const fields = [slug, id, normalisedEmail, name, String(textVersion)].map((field) =>
    utf8.encode(field),
  )
  return sha256(
    concatBytes(utf8.encode(LABEL), r, ...fields.flatMap((field) => [lengthOf(field), field])),
  )
}

function lengthOf(field: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, field.length)
  return length
}
