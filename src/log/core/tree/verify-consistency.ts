import { equalBytes } from '../../../platform/bytes.ts'
import { isNatural } from '../canonical.ts'
import { EMPTY_ROOT, hashNode, isHash } from './hash-tree.ts'
import { half, isOdd, isPowerOfTwo } from './split-range.ts'

/**
 * Whether the proof shows the new log to begin with all of the old one (RFC 9162, section 2.1.4.2).
 * From size 0 the proof is empty and the old root that of nothing. False for anything that isn't a
 * proof: a log that shrinks, a hash of another length, one too many or too few.
 */
export function verifyConsistency(claim: {
  from: number
  oldRoot: Uint8Array
  to: number
  newRoot: Uint8Array
  proof: Uint8Array[]
}): boolean {
  const { from, oldRoot, to, newRoot, proof } = claim
  if (!isNatural(from) || !isNatural(to) || from > to) return false
  if (![oldRoot, newRoot, ...proof].every(isHash)) return false
  if (from === to) {
    const empty = from > 0 || equalBytes(oldRoot, EMPTY_ROOT)
    return proof.length === 0 && empty && equalBytes(oldRoot, newRoot)
  }
  if (from === 0) return proof.length === 0 && equalBytes(oldRoot, EMPTY_ROOT)
  return joins(from, oldRoot, to, newRoot, proof)
}

function joins(
  from: number,
  oldRoot: Uint8Array,
  to: number,
  newRoot: Uint8Array,
  proof: Uint8Array[],
): boolean {
  const [seed, ...rest] = isPowerOfTwo(from) ? [oldRoot, ...proof] : proof
  if (!seed) return false
  let position = from - 1
  let last = to - 1
  while (isOdd(position)) {
    position = half(position)
    last = half(last)
  }
  let old = seed
  let grown = seed
  for (const hash of rest) {
    if (last === 0) return false
    if (isOdd(position) || position === last) {
      old = hashNode(hash, old)
      grown = hashNode(hash, grown)
      while (!isOdd(position) && position !== 0) {
        position = half(position)
        last = half(last)
      }
    } else {
      grown = hashNode(grown, hash)
    }
    position = half(position)
    last = half(last)
  }
  return last === 0 && equalBytes(old, oldRoot) && equalBytes(grown, newRoot)
}
