import { createHash } from 'node:crypto'

const FIRST_SLOTS = 1024

/**
 * Tells whether a number of 64 bits came before, in 16 to 32 bytes for each: ten million addresses as
 * strings would take a gigabyte and more.
 */
export function createSeenBefore(): (number: bigint) => boolean {
  let slots = new BigUint64Array(FIRST_SLOTS)
  let used = 0
  // Zero marks an empty slot.
  let zeroSeen = false

  /** @returns false when it was there */
  function put(number: bigint): boolean {
    let at = Number(number % BigInt(slots.length))
    while (slots[at] !== 0n) {
      if (slots[at] === number) return false
      at = (at + 1) % slots.length
    }
    slots[at] = number
    return true
  }

  function grow() {
    const before = slots
    slots = new BigUint64Array(before.length * 2)
    for (const number of before) if (number !== 0n) put(number)
  }

  return (number) => {
    if (number === 0n) {
      const before = zeroSeen
      zeroSeen = true
      return before
    }
    if (!put(number)) return true
    used++
    if (used * 2 > slots.length) grow()
    return false
  }
}

/**
 * 64 bits of SHA-256: among ten million texts, two that differ look alike with a chance of 1 in 370,000.
 * Good enough for a report.
 */
export function fingerprint(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64BE()
}
