/** Times of any number of answers in the same little memory, true to two per cent. */
export interface Histogram {
  add(ms: number): void
  summary(): Times
}

/** Milliseconds. */
export interface Times {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

const SMALLEST_MS = 0.05
const STEP = 1.02
const BUCKETS = 1200

export function createHistogram(): Histogram {
  const buckets = new Uint32Array(BUCKETS)
  let count = 0
  let max = 0
  return {
    add(ms) {
      const bucket = Math.ceil(Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) / Math.log(STEP))
      buckets[Math.min(bucket, BUCKETS - 1)]!++
      count++
      if (ms > max) max = ms
    },
    summary() {
      const at = (share: number) => {
        let missing = Math.ceil(count * share)
        const bucket = buckets.findIndex((each) => {
          missing -= each
          return missing <= 0
        })
        return count === 0 ? 0 : Math.min(SMALLEST_MS * STEP ** bucket, max)
      }
      return { count, p50: at(0.5), p95: at(0.95), p99: at(0.99), max }
    },
  }
}
