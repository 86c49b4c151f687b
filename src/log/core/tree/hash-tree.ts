import { sha256 } from '../../../platform/sha256.ts'
import { MalformedError } from '../canonical.ts'
import { splitPoint } from './split-range.ts'

/** RFC 6962, section 2.1: a leaf and a node can never be taken for each other. */
const LEAF = 0x00
const NODE = 0x01
export const HASH_BYTES = 32
const MAX_SHARED_BYTES = 1024

/** The root of the log without entries: the hash of nothing. */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0))

/** Shared by all calls, which never overlap, for nothing here waits: an allocation less a hash. */
const leafInput = new Uint8Array(1 + MAX_SHARED_BYTES)
const nodeInput = new Uint8Array(1 + 2 * HASH_BYTES)
nodeInput[0] = NODE

export function hashLeaf(entry: Uint8Array): Uint8Array {
  const input =
    entry.length > MAX_SHARED_BYTES
      ? new Uint8Array(1 + entry.length)
      : leafInput.subarray(0, 1 + entry.length)
  input[0] = LEAF
  input.set(entry, 1)
  return sha256(input)
}

/** @throws MalformedError when a hash isn't 32 bytes: the result would be another tree's. */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(checkHash(left), 1)
  nodeInput.set(checkHash(right), 1 + HASH_BYTES)
  return sha256(nodeInput)
}

/** The root of the tree over `count` hashes that lie one behind the other, as in a tile. */
export function rootOfHashes(hashes: Uint8Array, first: number, count: number): Uint8Array {
  if (count === 0) return EMPTY_ROOT
  if (count === 1) return hashAt(hashes, first)
  const left = splitPoint(count)
  return hashNode(
    rootOfHashes(hashes, first, left),
    rootOfHashes(hashes, first + left, count - left),
  )
}

function hashAt(hashes: Uint8Array, position: number): Uint8Array {
  return checkHash(hashes.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES))
}

export function checkHash(hash: Uint8Array): Uint8Array {
  if (!isHash(hash)) throw new MalformedError('hash', `${hash.length} bytes, not ${HASH_BYTES}`)
  return hash
}

export function isHash(hash: Uint8Array): boolean {
  return hash.length === HASH_BYTES
}
