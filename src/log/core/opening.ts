import { encodeBase64 } from '../../platform/bytes.ts'
import { COMMITMENT_BYTES, type CommittedFields } from '../../sealing/record/commitment.ts'
import {
  attempt,
  decodeUtf8,
  encodeUtf8,
  isNatural,
  MalformedError,
  parseBase64,
} from './canonical.ts'

/**
 * The private part of a receipt: it proves that the commitment in the log is this signer's. A file of
 * its own, so that the public part can be shown without it. Its holder can prove who signed, so it is
 * only made for signers who ask for it.
 */
export interface Opening {
  /** r: 32 bytes. */
  secret: Uint8Array
  fields: CommittedFields
}

const FORMAT = 'undersigned-opening/1'
const MAX_BYTES = 100_000

export function formatOpening({ secret, fields }: Opening): Uint8Array {
  const { slug, id, normalisedEmail, name, textVersion } = fields
  const json = {
    format: FORMAT,
    r: encodeBase64(secret),
    slug,
    id,
    normalisedEmail,
    name,
    textVersion,
  }
  return encodeUtf8(`${JSON.stringify(json, null, 2)}\n`)
}

/** @throws MalformedError for anything that formatOpening wouldn't write. */
export function parseOpening(bytes: Uint8Array): Opening {
  if (bytes.length > MAX_BYTES) throw new MalformedError('opening', 'too long')
  const text = decodeUtf8(bytes)
  const json = parseObject(text)
  const { format, r, slug, id, normalisedEmail, name, textVersion } = json
  if (format !== FORMAT) throw new MalformedError('opening', `no ${FORMAT}`)
  if (typeof textVersion !== 'number' || !isNatural(textVersion)) {
    throw new MalformedError('opening', 'no textVersion')
  }
  const fields = {
    slug: asText(slug),
    id: asText(id),
    normalisedEmail: asText(normalisedEmail),
    name: asText(name),
    textVersion,
  }
  const secret = parseBase64(asText(r))
  if (secret.length !== COMMITMENT_BYTES) throw new MalformedError('opening', 'r is not 32 bytes')
  const again = attempt(() => decodeUtf8(formatOpening({ secret, fields })))
  if (again !== text) throw new MalformedError('opening', 'changed since it was made')
  return { secret, fields }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Told below.
  }
  throw new MalformedError('opening', 'not a JSON object')
}

function asText(value: unknown): string {
  if (typeof value !== 'string') throw new MalformedError('opening', 'a field is no text')
  // JSON can say half a character, which no field has that was committed to.
  return decodeUtf8(encodeUtf8(value))
}
