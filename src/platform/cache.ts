import { performance } from 'node:perf_hooks'

export interface Fresh<T> {
  /** The value, at most `maxAge` milliseconds old, or older if `mayBeStale` accepted the error. */
  get(): Promise<T>
  /** One whose load began after this call; however many ask meanwhile, one load at a time serves all. */
  renew(): Promise<T>
  /** The next get loads anew. */
  drop(): void
}

/**
 * A value that is loaded at most once at a time and kept for a while: a thousand readers cost one
 * query. When loading fails and an older value is at hand, `mayBeStale` decides whether it will do.
 */
export function keepFresh<T>(options: {
  maxAge: number
  load: () => Promise<T>
  mayBeStale: (error: unknown) => boolean
}): Fresh<T> {
  let held: { value: T; at: number } | null = null
  let flight: Promise<T> | null = null
  let renewal: Promise<T> | null = null
  let expired = true
  /** A load that began before a drop may have read what was true before it: it renews nothing. */
  let drops = 0

  async function reload(): Promise<T> {
    const at = performance.now()
    const begunAfter = drops
    const hold = (value: T) => {
      if (drops !== begunAfter) return value
      held = { value, at }
      expired = false
      return value
    }
    try {
      return hold(await options.load())
    } catch (error) {
      if (!held || !options.mayBeStale(error)) throw error
      // Ask again only after a while: a database that is away is not helped by a queue of readers.
      return hold(held.value)
    } finally {
      if (drops === begunAfter) flight = null
    }
  }

  return {
    async get() {
      if (held && !expired && performance.now() - held.at < options.maxAge) return held.value
      flight ??= reload()
      return flight
    },
    renew() {
      const begin = () => {
        renewal = null
        flight ??= reload()
        return flight
      }
      // What is under way may have read what was true before this call.
      renewal ??= flight ? flight.then(begin, begin) : Promise.resolve().then(begin)
      return renewal
    },
    drop() {
      drops++
      expired = true
      flight = null
    },
  }
}

/** Keeps the newest entries: what was set longest ago leaves for one too many. */
export class NewestMap<K, V> extends Map<K, V> {
  readonly #max: number

  constructor(max: number) {
    super()
    this.#max = max
  }

  override set(key: K, value: V): this {
    this.delete(key)
    super.set(key, value)
    if (this.size > this.#max) this.delete(this.keys().next().value!)
    return this
  }
}
