import { concatBytes } from '../../../platform/bytes.ts'
import { MalformedError } from '../canonical.ts'

const LENGTH_BYTES = 2
export const MAX_ENTRY_BYTES = 2 ** (8 * LENGTH_BYTES) - 1

/** Entries one behind the other, each after its length as big-endian uint16 (c2sp.org/tlog-tiles). */
export function formatBundle(entries: Uint8Array[]): Uint8Array {
  return concatBytes(...entries.flatMap((entry) => [lengthOf(entry), entry]))
}

/** The first `width` entries of a bundle, as a view into its bytes; null when it hasn't as many. */
export function cutBundle(bundle: Uint8Array, width: number): Uint8Array | null {
  let end = 0
  for (let entry = 0; entry < width; entry++) {
    if (end + LENGTH_BYTES > bundle.length) return null
    end += LENGTH_BYTES + ((bundle[end]! << 8) | bundle[end + 1]!)
  }
  return end <= bundle.length ? bundle.subarray(0, end) : null
}

/**
 * Reads a bundle of exactly `width` entries. They are views into the bundle's bytes.
 *
 * @throws MalformedError
 */
export function parseBundle(bundle: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < width) {
    const start = at + LENGTH_BYTES
    if (start > bundle.length) throw new MalformedError('entry bundle', 'cut off')
    const end = start + ((bundle[at]! << 8) | bundle[at + 1]!)
    if (end > bundle.length) throw new MalformedError('entry bundle', 'cut off in an entry')
    entries.push(bundle.subarray(start, end))
    at = end
  }
  if (at < bundle.length) throw new MalformedError('entry bundle', `more than ${width} entries`)
  return entries
}

function lengthOf(entry: Uint8Array): Uint8Array {
  if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry of ${entry.length} bytes`)
  return Uint8Array.of(entry.length >> 8, entry.length & 0xff)
}
