import { equalBytes } from '../../../platform/bytes.ts'
import { isNatural } from '../canonical.ts'
import { hashNode, isHash } from './hash-tree.ts'
import { half, isOdd } from './split-range.ts'

/**
 * Whether the proof leads from the leaf hash at that index to the root of that size (RFC 9162,
 * section 2.1.3.2). False for anything that isn't a proof: an index out of range, a hash of another
 * length, one too many or too few.
 */
export function verifyInclusion(claim: {
  index: number
  size: number
  leafHash: Uint8Array
  root: Uint8Array
  proof: Uint8Array[]
}): boolean {
  const { index, size, leafHash, root, proof } = claim
  if (!isNatural(index) || !isNatural(size) || index >= size) return false
  if (![leafHash, root, ...proof].every(isHash)) return false
  let position = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(position) || position === last) {
      hash = hashNode(sibling, hash)
      // At the right edge a node without sibling rises to where it has one.
      while (!isOdd(position) && position !== 0) {
        position = half(position)
        last = half(last)
      }
    } else {
      hash = hashNode(hash, sibling)
    }
    position = half(position)
    last = half(last)
  }
  return last === 0 && equalBytes(hash, root)
}
