import { performance } from 'node:perf_hooks'
import { inTimeOrLast } from './in-time.ts'

export interface Fresh<T> {
  /** The value, at most `maxAge` milliseconds old, or older if `mayBeStale` accepted the error. */
  get(): Promise<T>
  /** A value whose load began after this call; all who call meanwhile share one load. */
  renew(): Promise<T>
  /** The next get loads anew. */
  drop(): void
}

/**
 * A value that is loaded once at a time and kept for a while: a thousand readers cost one query. When a
 * load fails or takes long, `mayBeStale` decides whether the value before is given instead of the error, which is
 * TooLate for one that takes long. No second load begins before the first has ended.
 */
export function keepFresh<T>(options: {
  maxAge: number
  load: () => Promise<T>
  mayBeStale: (error: unknown) => boolean
}): Fresh<T> {
  let held: { value: T; at: number } | null = null
  /** What readers get: settles in time even when the load doesn't. */
  let flight: Promise<T> | null = null
  let renewal: Promise<T> | null = null
  let expired = true
  /** A load that began before a drop may have read rows from before it: its value isn't kept. */
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
      // Asked again after maxAge only: a queue of readers doesn't help a database that is away.
      return hold(held.value)
    } finally {
      if (drops === begunAfter) flight = null
    }
  }

  const takeOff = () => inTimeOrLast(reload(), () => held, options.mayBeStale)

  return {
    async get() {
      if (held && !expired && performance.now() - held.at < options.maxAge) return held.value
      flight ??= takeOff()
      return flight
    },
    renew() {
      const begin = () => {
        renewal = null
        flight ??= takeOff()
        return flight
      }
      // A load under way may have read rows from before this call.
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
