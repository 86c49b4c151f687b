/** Plain arrays of numbers compare equal whatever kind of byte array they came in. */
export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
export const hexes = (list: Uint8Array[]) => list.map(hex)
export const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
export const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
export const utf8 = (text: string) => new Uint8Array(Buffer.from(text))
export const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString()

/** The bytes with one changed. */
export function withByte(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const other = new Uint8Array(bytes)
  other[at] = value
  return other
}

/** Repeatable noise (mulberry32): 0 ≤ x < 1. */
export function createNoise(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Of a list of firsts and seconds in turn. */
export function pairs<T>(list: T[]): [T, T][] {
  return list.flatMap((item, at) => (at % 2 === 0 ? [[item, list[at + 1]!] as [T, T]] : []))
}
