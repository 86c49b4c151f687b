import { availableParallelism } from 'node:os'
import { Tinypool } from 'tinypool'
import { threadFile } from '../../platform/thread-file.ts'
import type { Line } from './open-export.ts'
import type { LineOutcome, OpenTask, ThreadKeys } from './open-records.worker.ts'

/** Lines a thread opens at a time: about a tenth of a second of work. */
const SHARE = 100
/** Shares under way for each thread: one it opens, one that waits for it. */
const AHEAD = 2

/**
 * Opens lines in threads; outcomes keep the order of the lines. Only a few shares are under way
 * at a time, however many lines there are.
 *
 * @param expected about how many lines will come: a small file needs no more than a thread
 */
export async function* openInThreads(
  lines: AsyncIterable<Line[]>,
  petition: string,
  keys: ThreadKeys,
  expected: number,
): AsyncGenerator<LineOutcome[]> {
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(expected / SHARE)))
  const pool = new Tinypool({
    ...threadFile(import.meta.url, 'open-records.worker'),
    minThreads: threads,
    maxThreads: threads,
    workerData: keys,
  })
  try {
    const underWay: Promise<LineOutcome[]>[] = []
    for await (const share of inShares(lines)) {
      const task: OpenTask = { petition, lines: share }
      const outcomes = pool.run(task) as Promise<LineOutcome[]>
      // Unawaited when the reader leaves early: its failure must not end the process.
      outcomes.catch(() => {})
      underWay.push(outcomes)
      if (underWay.length >= threads * AHEAD) yield await underWay.shift()!
    }
    while (underWay.length > 0) yield await underWay.shift()!
  } finally {
    await pool.destroy()
  }
}

async function* inShares(lines: AsyncIterable<Line[]>): AsyncGenerator<Line[]> {
  let share: Line[] = []
  for await (const some of lines) {
    for (const line of some) {
      share.push(line)
      if (share.length < SHARE) continue
      yield share
      share = []
    }
  }
  if (share.length > 0) yield share
}
