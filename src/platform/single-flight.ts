import { performance } from 'node:perf_hooks'

export interface Fresh<T> {
  /** The value, at most `maxAge` milliseconds old, or older if `mayBeStale` accepted the error. */
  get(): Promise<T>
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
  let expired = true

  async function reload(): Promise<T> {
    const at = performance.now()
    try {
      held = { value: await options.load(), at }
      expired = false
      return held.value
    } catch (error) {
      if (!held || !options.mayBeStale(error)) throw error
      // Ask again only after a while: a database that is away is not helped by a queue of readers.
      held = { value: held.value, at }
      expired = false
      return held.value
    } finally {
      flight = null
    }
  }

  return {
    async get() {
      if (held && !expired && performance.now() - held.at < options.maxAge) return held.value
      flight ??= reload()
      return flight
    },
    drop() {
      expired = true
    },
  }
}
