import { checkNatural } from '../canonical.ts'
import { type Range, readRoots } from './read-subtrees.ts'
import { splitPoint } from './split-range.ts'
import type { GetTile } from './tile.ts'

/**
 * The hashes that lead from an entry's leaf hash to the root of a log of that size, from the leaf's
 * sibling upwards (RFC 6962, section 2.1.1).
 *
 * @throws RangeError when the log has no such entry; MalformedError for a missing or cut tile.
 */
export async function proveInclusion(
  index: number,
  size: number,
  getTile: GetTile,
): Promise<Uint8Array[]> {
  if (checkNatural(index) >= checkNatural(size)) {
    throw new RangeError(`a log of ${size} has no entry ${index}`)
  }
  return readRoots(siblingRanges(index, size), size, getTile)
}

function siblingRanges(index: number, size: number): Range[] {
  const ranges: Range[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const middle = start + splitPoint(end - start)
    if (index < middle) {
      ranges.push([middle, end])
      end = middle
    } else {
      ranges.push([start, middle])
      start = middle
    }
  }
  return ranges.reverse()
}
