/**
 * What an entry takes besides its value: the key, the map's own slot and the object that holds both. Measured by
 * tests/platform/budget-map.test.ts, which fails when a map takes more memory than it says.
 */
const ENTRY_BYTES = 300

interface Entry<V> {
  value: V
  bytes: number
}

/**
 * A map for keys and values that strangers have a say in: it never holds more than its budget, and puts out the
 * entries that were set longest ago. A value larger than the whole budget is not kept.
 */
export class BudgetMap<V> {
  readonly #budget: number
  readonly #bytesOf: (value: V) => number
  readonly #entries = new Map<string, Entry<V>>()
  #bytes = 0

  /** @param bytesOf what a value holds beside objects and short strings: `heldBytes` of its buffers */
  constructor(budget: number, bytesOf: (value: V) => number = () => 0) {
    this.#budget = budget
    this.#bytesOf = bytesOf
  }

  /** What is held now. */
  get bytes(): number {
    return this.#bytes
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** The one set longest ago first. */
  keys(): IterableIterator<string> {
    return this.#entries.keys()
  }

  set(key: string, value: V): void {
    this.delete(key)
    const bytes = this.#weighed(key, value)
    this.#entries.set(ownCopy(key), { value, bytes })
    this.#grow(bytes)
  }

  /** To be called when the value has grown since it was set; nothing if another has taken its place. */
  weigh(key: string, value: V): void {
    const entry = this.#entries.get(key)
    if (entry?.value !== value) return
    const before = entry.bytes
    entry.bytes = this.#weighed(key, value)
    this.#grow(entry.bytes - before)
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }

  #weighed(key: string, value: V): number {
    return ENTRY_BYTES + 2 * key.length + this.#bytesOf(value)
  }

  #grow(bytes: number): void {
    this.#bytes += bytes
    for (const [oldest] of this.#entries) {
      if (this.#bytes <= this.#budget) return
      this.delete(oldest)
    }
  }
}

/** V8 keeps the whole address or header alive that a short piece was cut from. */
function ownCopy(text: string): string {
  const copy = Buffer.from(text).toString()
  // Half a surrogate pair is no UTF-8.
  return copy === text ? copy : text
}

/** The memory behind a buffer, which may be a short piece of a large one. */
export const heldBytes = (bytes: Buffer): number => bytes.buffer.byteLength

/** The same bytes without the memory around them: zlib's results and short buffers are pieces of larger ones. */
export function ownBytes(bytes: Buffer): Buffer {
  if (heldBytes(bytes) === bytes.length) return bytes
  const own = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(own)
  return own
}
