/**
 * What an entry takes besides its value: the key, the map's own slot and the object that holds both. Measured by
 * tests/platform/budget-map.test.ts, which fails when a map takes more memory than it says.
 */
const ENTRY_BYTES = 300

/** Of the budget, what is made free at a time. */
const SPARE = 1 / 32

interface Entry<V> {
  /** The map's own copy. */
  key: string
  value: V
  bytes: number
  /** It was set again since it came, or since it was passed over. */
  isRenewed: boolean
}

/** All that have a name and are still in use. */
let named: { name: string; map: WeakRef<{ bytes: number }> }[] = []

/** What the maps of this process hold now. */
export function bytesByName(): Map<string, number> {
  named = named.filter(({ map }) => map.deref() !== undefined)
  const sums = new Map<string, number>()
  for (const { name, map } of named) {
    sums.set(name, (sums.get(name) ?? 0) + (map.deref()?.bytes ?? 0))
  }
  return sums
}

/**
 * A map for keys and values that strangers have a say in: it never holds more than its budget, and puts out the
 * entries that were set longest ago, but for those that were set again meanwhile. A value larger than the whole budget is not kept.
 */
export class BudgetMap<V> {
  readonly #budget: number
  readonly #bytesOf: (value: V) => number
  readonly #entries = new Map<string, Entry<V>>()
  #bytes = 0

  /**
   * @param bytesOf what a value holds beside objects and short strings: `heldBytes` of its buffers
   * @param name under which `bytesByName` counts it; without one it is not counted
   */
  constructor(budget: number, bytesOf: (value: V) => number = () => 0, name?: string) {
    this.#budget = budget
    this.#bytesOf = bytesOf
    if (name) named.push({ name, map: new WeakRef(this) })
  }

  /** What is held now. */
  get bytes(): number {
    return this.#bytes
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)?.value
  }

  /** About in the order in which they came. */
  keys(): IterableIterator<string> {
    return this.#entries.keys()
  }

  /**
   * One that is there already stays where it is, and is passed over once when room is made. To take it out and put it
   * in again would leave a hole in V8's table each time, and whoever looks for the key next walks past all of them.
   */
  set(key: string, value: V): void {
    const known = this.#entries.get(key)
    const own = known?.key ?? ownCopy(key)
    const bytes = this.#weighed(own, value)
    if (known) {
      this.#bytes -= known.bytes
      Object.assign(known, { value, bytes, isRenewed: true })
    } else {
      this.#entries.set(own, { key: own, value, bytes, isRenewed: false })
    }
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

  /** Some more go than must: each look for the oldest passes by all that V8 has yet to clear away. */
  #grow(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes <= this.#budget) return
    for (const [oldest, entry] of this.#entries) {
      this.delete(oldest)
      if (entry.isRenewed) this.#keep(entry)
      else if (this.#bytes <= this.#budget * (1 - SPARE)) return
    }
  }

  /** As the newest. */
  #keep(entry: Entry<V>): void {
    entry.isRenewed = false
    this.#entries.set(entry.key, entry)
    this.#bytes += entry.bytes
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
