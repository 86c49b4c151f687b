import type { SignerRecord } from './sealed-record.ts'

const LABEL = 'undersigned/commit/v1\0'
/** Length of r and of the commitment itself. */
export const COMMITMENT_BYTES = 32

type Committed = Pick<SignerRecord, 'slug' | 'id' | 'normalisedEmail' | 'name' | 'textVersion'>

/**
 * What SHA-256 is taken of to commit to a signature without revealing it: the label, the blinding r,
 * then slug, record id, normalised e-mail, name and text version, each as a big-endian uint32 length
 * and UTF-8 bytes. The hash itself is the caller's: Node's and the browser's interfaces differ.
 *
 * @param r 32 bytes
 * @throws RangeError when r has another length: an unblinded commitment could be tested for names
 */
export function commitmentPreimage(r: Uint8Array, record: Committed): Uint8Array<ArrayBuffer> {
  if (r.length !== COMMITMENT_BYTES) throw new RangeError(`r has ${r.length} bytes, not 32`)
  const utf8 = new TextEncoder()
  const { slug, id, normalisedEmail, name, textVersion } = record
  const fields = [slug, id, normalisedEmail, name, String(textVersion)].map((field) =>
    utf8.encode(field),
  )
  const label = utf8.encode(LABEL)
  const length = fields.reduce((sum, field) => sum + 4 + field.length, label.length + r.length)
  const preimage = new Uint8Array(length)
  preimage.set(label)
  preimage.set(r, label.length)
  const view = new DataView(preimage.buffer)
  let offset = label.length + r.length
  for (const field of fields) {
    view.setUint32(offset, field.length)
    preimage.set(field, offset + 4)
    offset += 4 + field.length
  }
  return preimage
}
