import { type Counters, readCounters } from './counters.ts'
import type { Side } from './side.ts'

export interface Figures {
  /** Rows a second, slice by slice: the other side's slice of the same number ran beside it. */
  rates: number[]
  /** Bytes of the write-ahead log for each row. */
  walBytes: number
  /** Of the updates, those that stayed in their page and touched no index; 0 without updates. */
  heapOnly: number
}

export type Pair<T> = [migrated: T, candidate: T]

/** A tenth of a second of each side at a time, so that what the machine does meanwhile hits both. */
const SLICES = 10

/** @param work what is done to a slice of a side's items, on its own connection */
export async function alternate<T>(
  sides: Pair<Side>,
  items: Pair<T[]>,
  work: (side: Side, slice: T[]) => Promise<unknown>,
): Promise<Pair<Figures>> {
  const slices = Math.min(SLICES, items[0].length)
  const figures: Pair<Figures> = [none(), none()]
  const updates = [0, 0]
  for (let slice = 0; slice < slices; slice++) {
    for (const place of slice % 2 ? ([1, 0] as const) : ([0, 1] as const)) {
      const [side, all, sum] = [sides[place], items[place], figures[place]]
      const of = (at: number) => Math.round((at * all.length) / slices)
      const part = all.slice(of(slice), of(slice + 1))
      const { seconds, spent } = await meter(side, () => work(side, part))
      sum.rates.push(part.length / seconds)
      sum.walBytes += spent.wal / all.length
      sum.heapOnly += spent.heapOnly
      updates[place]! += spent.updates
    }
  }
  for (const place of [0, 1] as const) figures[place].heapOnly /= updates[place] || 1
  return figures
}

const none = (): Figures => ({ rates: [], walBytes: 0, heapOnly: 0 })

async function meter(side: Side, work: () => Promise<unknown>) {
  const before = await readCounters(side)
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  const after = await readCounters(side)
  const spent: Counters = {
    wal: after.wal - before.wal,
    updates: after.updates - before.updates,
    heapOnly: after.heapOnly - before.heapOnly,
  }
  return { seconds, spent }
}
