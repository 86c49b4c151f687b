import { performance } from 'node:perf_hooks'
import { TooLate } from './in-time.ts'

const LOOK_EVERY_MS = 250

/** Collects items that arrive at about the same time, so that many small writes become one. */
export interface MicroBatch<T, R> {
  /** Settles once the item's own batch is written. */
  add(item: T): Promise<R>
  /** Milliseconds until an item added now is likely to be written. 0 while few wait: one slow write is no crowd. */
  expectedWait(): number
}

/** Of a whole batch. */
const FEW = 0.25

/**
 * An item that comes while nothing is being written is written at once, with those of the same turn of the
 * event loop; later ones wait for a free lane and are written together. No timer: an idle server adds no
 * delay, and the batches of a busy one grow with the database's latency.
 *
 * @param write writes all of them or none, and gives results in their order. When it fails for several
 *   they are written one by one, so that a bad one never fails its neighbours, unless `isCommon` says that
 *   the failure is of none in particular
 * @param lanes batches that may be written at the same time
 * @param within milliseconds after which an item fails with TooLate: one that still waited is not written, of one
 *   under way it is not known. A batch that takes so long frees its lane, since its connection may be dead
 * @param keyOf of two items with the same key the second waits until the first is written, and keeps
 *   nobody else waiting
 */
export function createMicroBatch<T, R>(options: {
  write: (items: T[]) => Promise<R[]>
  isCommon: (error: unknown) => boolean
  limit: number
  lanes: number
  within?: number
  keyOf?: (item: T) => string
}): MicroBatch<T, R> {
  interface Waiting {
    item: T
    resolve: (result: R) => void
    reject: (error: unknown) => void
    /** Looks since it came, so that a pause of the process makes nothing late. */
    looks: number
  }
  interface Flight {
    batch: Waiting[]
    looks: number
    /** On the clock of `performance.now()`. */
    begun: number
  }
  const latest = (options.within ?? Number.POSITIVE_INFINITY) / LOOK_EVERY_MS
  let waiting: Waiting[] = []
  const flights = new Set<Flight>()
  const writing = new Set<string>()
  let scheduled = false
  let took = 0
  let looking: NodeJS.Timeout | undefined

  function schedule(): void {
    if (scheduled || flights.size >= options.lanes || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const batch = take()
      if (batch.length === 0) return
      const flight = { batch, looks: 0, begun: performance.now() }
      flights.add(flight)
      void settle(batch).finally(() => land(flight))
      schedule()
    })
  }

  function land(flight: Flight): void {
    if (!flights.delete(flight)) return
    took = performance.now() - flight.begun
    const { keyOf } = options
    if (keyOf) for (const { item } of flight.batch) writing.delete(keyOf(item))
    schedule()
  }

  /** Only while something waits or is written; an idle batch has no timer. */
  function look(): void {
    const isLate = (one: { looks: number }) => ++one.looks > latest
    waiting = waiting.filter((one) => {
      const late = isLate(one)
      if (late) one.reject(new TooLate('it was not written in time'))
      return !late
    })
    for (const flight of flights) {
      for (const one of flight.batch)
        if (isLate(one)) one.reject(new TooLate('whether it was written is not known'))
      if (isLate(flight)) land(flight)
    }
    if (waiting.length > 0 || flights.size > 0) return
    clearInterval(looking)
    looking = undefined
  }

  function take(): Waiting[] {
    const { keyOf, limit } = options
    if (!keyOf) return waiting.splice(0, limit)
    const batch: Waiting[] = []
    const rest: Waiting[] = []
    for (const one of waiting) {
      const key = keyOf(one.item)
      if (batch.length === limit || writing.has(key)) {
        rest.push(one)
        continue
      }
      writing.add(key)
      batch.push(one)
    }
    waiting = rest
    return batch
  }

  async function settle(batch: Waiting[]): Promise<void> {
    try {
      const results = await options.write(batch.map(({ item }) => item))
      for (const [place, { resolve }] of batch.entries()) resolve(results[place]!)
    } catch (error) {
      if (batch.length === 1 || options.isCommon(error)) {
        for (const { reject } of batch) reject(error)
      } else {
        for (const one of batch) await settle([one])
      }
    }
  }

  return {
    add(item) {
      return new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject, looks: 0 })
        if (options.within) looking ??= setInterval(look, LOOK_EVERY_MS)
        schedule()
      })
    },
    expectedWait() {
      const { limit, lanes } = options
      const [oldest] = flights
      if (!oldest || waiting.length < limit * FEW) return 0
      const each = Math.max(took, performance.now() - oldest.begun)
      return ((1 + Math.floor(waiting.length / limit)) * each) / lanes
    },
  }
}
