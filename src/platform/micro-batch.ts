/** Collects items that arrive at about the same time, so that many small writes become one. */
export interface MicroBatch<T, R> {
  /** Settles once the item's own batch is written. */
  add(item: T): Promise<R>
}

/**
 * An item that comes while nothing is being written is written at once, with those of the same turn of the
 * event loop; later ones wait for a free lane and are written together. No timer: an idle server adds no
 * delay, and the batches of a busy one grow with the database's latency.
 *
 * @param write writes all of them or none, and gives results in their order. When it fails for several
 *   they are written one by one, so that a bad one never fails its neighbours, unless `isCommon` says that
 *   the failure is of none in particular
 * @param lanes batches that may be written at the same time
 * @param keyOf of two items with the same key the second waits until the first is written, and keeps
 *   nobody else waiting
 */
export function createMicroBatch<T, R>(options: {
  write: (items: T[]) => Promise<R[]>
  isCommon: (error: unknown) => boolean
  limit: number
  lanes: number
  keyOf?: (item: T) => string
}): MicroBatch<T, R> {
  interface Waiting {
    item: T
    resolve: (result: R) => void
    reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  const writing = new Set<string>()
  let busy = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || busy >= options.lanes || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const batch = take()
      if (batch.length === 0) return
      busy++
      void settle(batch).finally(() => {
        busy--
        if (options.keyOf) for (const { item } of batch) writing.delete(options.keyOf(item))
        schedule()
      })
      schedule()
    })
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
        waiting.push({ item, resolve, reject })
        schedule()
      })
    },
  }
}
