import { concatBytes } from '../../../platform/bytes.ts'
import { encodeUtf8, formatDecimal, MalformedError } from '../canonical.ts'

/**
 * c2sp.org/tlog-cosignature, Ed25519: a witness says that at `time` this was the largest tree of the
 * log that it knew, consistent with all before. As a note's signature: 8 bytes time, 64 signature.
 */
interface Cosignature {
  /** Seconds since 1970-01-01. */
  time: number
  /** 64 bytes. */
  signature: Uint8Array
}

const TIME_BYTES = 8
const SIGNATURE_BYTES = 64

/** The message that a witness signs for a checkpoint's text. */
export function cosignedMessage(time: number, checkpointText: string): Uint8Array {
  return encodeUtf8(`cosignature/v1\ntime ${formatDecimal(time)}\n${checkpointText}`)
}

export function formatCosignature({ time, signature }: Cosignature): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(formatDecimal(time)))
  return concatBytes(bytes, signature)
}

/** @throws MalformedError */
export function parseCosignature(bytes: Uint8Array): Cosignature {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) {
    throw new MalformedError('cosignature', `${bytes.length} bytes`)
  }
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0))
  if (!Number.isSafeInteger(time)) throw new MalformedError('cosignature', 'an impossible time')
  return { time, signature: bytes.slice(TIME_BYTES) }
}
