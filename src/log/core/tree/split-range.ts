/** Sizes may pass 2^32, where JavaScript's shifts and masks go wrong: this room divides instead. */

/** A subtree without gaps: 2^height leaves from index `start`, which is a multiple of 2^height. */
export interface Subtree {
  start: number
  height: number
}

/** The largest power of two below n, where RFC 6962 splits a tree of n ≥ 2 leaves. */
export function splitPoint(n: number): number {
  return 2 ** floorLog2(n - 1)
}

/**
 * The subtrees without gaps that make up the leaves from `start` to before `end`, largest first, for
 * the ranges that RFC 6962 speaks of: those that recursive splitting of a tree comes upon.
 */
export function splitRange(start: number, end: number): Subtree[] {
  const subtrees: Subtree[] = []
  for (let at = start; at < end; ) {
    const height = floorLog2(end - at)
    subtrees.push({ start: at, height })
    at += 2 ** height
  }
  return subtrees
}

export function isPowerOfTwo(n: number): boolean {
  return n > 0 && 2 ** floorLog2(n) === n
}

export function half(n: number): number {
  return Math.floor(n / 2)
}

export function isOdd(n: number): boolean {
  return n % 2 === 1
}

/** Math.log2 rounds: that of 2^53 − 1 is 53. */
function floorLog2(n: number): number {
  let exponent = 0
  for (let power = 2; power <= n; power *= 2) exponent++
  return exponent
}
