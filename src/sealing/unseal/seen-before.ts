import { createHash } from 'node:crypto'

const FIRST_SLOTS = 1024

/**
 * Tells whether a text came before, in 16 bytes a text: ten million addresses as strings would take a
 * gigabyte and more. 64 bits of SHA-256: of ten million, two differ and look alike with a chance of 1
 * in 370,000, and then a duplicate is reported that is none.
 */
export function createSeenBefore(): (text: string) => boolean {
  let slots = new BigUint64Array(FIRST_SLOTS)
  let used = 0

  /** @returns false when it was there. Zero marks an empty slot. */
  function put(fingerprint: bigint): boolean {
    let at = Number(fingerprint % BigInt(slots.length))
    while (slots[at] !== 0n) {
      if (slots[at] === fingerprint) return false
      at = (at + 1) % slots.length
    }
    slots[at] = fingerprint
    return true
  }

  function grow() {
    const before = slots
    slots = new BigUint64Array(before.length * 2)
    for (const fingerprint of before) if (fingerprint !== 0n) put(fingerprint)
  }

  return (text) => {
    const fingerprint = createHash('sha256').update(text).digest().readBigUInt64BE() || 1n
    if (!put(fingerprint)) return true
    used++
    if (used * 2 > slots.length) grow()
    return false
  }
}
