import type { Answer } from './answer-reader.ts'
import type { Connections } from './connections.ts'
import { createHistogram, type Histogram, type Times } from './histogram.ts'

/** Sends requests, and keeps how long their answers took and which were not as they should be. */
export interface Meter {
  /**
   * @param due the time is measured from here, on the clock of `performance.now()`
   * @param done is told null when the answer was none of these statuses
   */
  send(
    request: { kind: string; bytes: Buffer; due: number; expected: number[] },
    connections: Connections,
    done: (answer: Answer | null) => void,
  ): void
  /** For an answer that came as it should and is wrong all the same, or for one that never came. */
  fail(what: string, count?: number): void
  /** By request and status. */
  errors: Record<string, number>
  errorCount(): number
  latencies(): Record<string, Times>
}

export function createMeter(): Meter {
  const histograms = new Map<string, Histogram>()
  const errors: Record<string, number> = {}
  let errorCount = 0

  function histogramOf(kind: string): Histogram {
    const known = histograms.get(kind)
    if (known) return known
    const histogram = createHistogram()
    histograms.set(kind, histogram)
    return histogram
  }

  function fail(what: string, count = 1): void {
    errors[what] = (errors[what] ?? 0) + count
    errorCount += count
  }

  return {
    fail,
    errors,
    errorCount: () => errorCount,
    send({ kind, bytes, due, expected }, connections, done) {
      connections.send(bytes, (answer) => {
        if (answer && expected.includes(answer.status)) {
          histogramOf(kind).add(performance.now() - due)
          return done(answer)
        }
        fail(`${kind}: ${answer?.status ?? 'connection broken'}`)
        done(null)
      })
    },
    latencies: () =>
      Object.fromEntries([...histograms].sort().map(([kind, each]) => [kind, each.summary()])),
  }
}
