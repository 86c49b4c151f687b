import { PETITION } from '../petition.ts'
import type { Timing } from '../report.ts'
import { ask } from './ask.ts'
import { keepAsking, keepRate } from './keep-rate.ts'

export interface Readers {
  answered: number
  failed: { path: string; status: number; at: number }[]
  /** Counts that were shown and were lower than the same reader had seen before. */
  wentBack: { path: string; from: number; to: number }[]
  took: Timing[]
  /** Every checkpoint that was shown. */
  checkpoints: Set<string>
  done: Promise<unknown>
}

/** Pages that differ, so that no cache answers for the nodes. */
const OTHER_PAGES = 400
const WATCH_EVERY_MS = 100
const CHECKPOINT = '/log/checkpoint'

/** Readers who ask at an even rate, and two who watch the count. */
export function beginReaders(origin: string, perSecond: number, stop: AbortSignal): Readers {
  const readers: Readers = {
    answered: 0,
    failed: [],
    wentBack: [],
    took: [],
    checkpoints: new Set(),
    done: Promise.resolve(),
  }

  async function read(path: string): Promise<string | null> {
    const answer = await ask(`${origin}${path}`)
    const at = performance.now()
    readers.took.push({ at, ms: answer.took })
    if (answer.status === 200) {
      readers.answered++
      if (path === CHECKPOINT) readers.checkpoints.add(answer.body)
      return answer.body
    }
    readers.failed.push({ path, status: answer.status, at })
    return null
  }

  function watch(path: string, pattern: RegExp): Promise<void> {
    let seen = 0
    return keepAsking(WATCH_EVERY_MS, stop, async () => {
      const found = pattern.exec((await read(path)) ?? '')?.[1]
      if (found === undefined) return
      const counted = Number(found)
      if (counted < seen) readers.wentBack.push({ path, from: seen, to: counted })
      seen = counted
    })
  }

  const paths = [
    (nth: number) => `${PETITION.page}?source=reader${nth % OTHER_PAGES}`,
    () => PETITION.page,
    () => `${PETITION.api}/counts?by=country`,
    () => CHECKPOINT,
    () => '/log/tile/entries/000.p/1',
  ]
  readers.done = Promise.all([
    keepRate(perSecond, stop, (nth) => read(paths[nth % paths.length]!(nth))),
    watch(PETITION.page, /data-counted="(\d+)"/),
    watch(PETITION.api, /"counted":(\d+)/),
  ])
  return readers
}
