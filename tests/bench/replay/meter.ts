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

  return {
    errors,
    errorCount: () => errorCount,
    send({ kind, bytes, due, expected }, connections, done) {
      connections.send(bytes, (answer) => {
        if (answer && expected.includes(answer.status)) {
          histogramOf(kind).add(performance.now() - due)
          return done(answer)
        }
        const error = `${kind}: ${answer?.status ?? 'connection broken'}`
        errors[error] = (errors[error] ?? 0) + 1
        errorCount++
        done(null)
      })
    },
    latencies: () =>
      Object.fromEntries([...histograms].map(([kind, each]) => [kind, each.summary()])),
  }
}
