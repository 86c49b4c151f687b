import { checkNatural } from '../canonical.ts'
import { type Range, readRoots } from './read-subtrees.ts'
import { splitPoint } from './split-range.ts'
import type { GetTile } from './tile.ts'

/**
 * The hashes that show a log of size `to` to begin with all of the log of size `from` (RFC 6962,
 * section 2.1.2). Empty from size 0, with which every log is consistent (c2sp.org/tlog-witness), and
 * between equal sizes. `getTile` reads tiles of the log of size `to`.
 *
 * @throws RangeError when `from` is larger; MalformedError for a missing or cut tile.
 */
export async function proveConsistency(
  from: number,
  to: number,
  getTile: GetTile,
): Promise<Uint8Array[]> {
  if (checkNatural(from) > checkNatural(to))
    throw new RangeError(`no log shrinks: ${from} to ${to}`)
  return readRoots(from === 0 ? [] : joiningRanges(from, to), to, getTile)
}

function joiningRanges(from: number, to: number): Range[] {
  const ranges: Range[] = []
  let start = 0
  let end = to
  while (end !== from) {
    const middle = start + splitPoint(end - start)
    if (from <= middle) {
      ranges.push([middle, end])
      end = middle
    } else {
      ranges.push([start, middle])
      start = middle
    }
  }
  // A subtree that is the whole old log: the verifier has its root already.
  if (start > 0) ranges.push([start, end])
  return ranges.reverse()
}
