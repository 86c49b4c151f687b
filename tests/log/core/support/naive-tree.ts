import { createHash } from 'node:crypto'

/**
 * The tree as RFC 6962, section 2.1 writes it down: recursive, from leaf hashes, with nothing of the
 * code under test. Subtrees are remembered, for every proof of a size shares most of them.
 */
export function naiveTree(leafHashes: Uint8Array[]) {
  const known = new Map<string, Uint8Array>()

  function root(start: number, end: number): Uint8Array {
    if (end === start) return sha256()
    if (end - start === 1) return leafHashes[start]!
    const key = `${start}-${end}`
    const hash = known.get(key)
    if (hash) return hash
    const k = largestPowerBelow(end - start)
    const made = sha256(Uint8Array.of(1), root(start, start + k), root(start + k, end))
    known.set(key, made)
    return made
  }

  /** PATH(m, D[start:end]) */
  function path(m: number, start: number, end: number): Uint8Array[] {
    if (end - start === 1) return []
    const k = largestPowerBelow(end - start)
    return m < k
      ? [...path(m, start, start + k), root(start + k, end)]
      : [...path(m - k, start + k, end), root(start, start + k)]
  }

  /** SUBPROOF(m, D[start:end], isWhole) */
  function subproof(m: number, start: number, end: number, isWhole: boolean): Uint8Array[] {
    if (m === end - start) return isWhole ? [] : [root(start, end)]
    const k = largestPowerBelow(end - start)
    return m <= k
      ? [...subproof(m, start, start + k, isWhole), root(start + k, end)]
      : [...subproof(m - k, start + k, end, false), root(start, start + k)]
  }

  return {
    root: (size: number) => root(0, size),
    rangeRoot: root,
    inclusion: (index: number, size: number) => path(index, 0, size),
    consistency: (from: number, to: number) => (from === 0 ? [] : subproof(from, 0, to, true)),
  }
}

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

export function naiveLeafHashes(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    sha256(Uint8Array.of(0), Buffer.from(`entry ${index}`)),
  )
}

function largestPowerBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}
