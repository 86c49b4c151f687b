import type { Connections } from '../load/connections.ts'
import { createHistogram, type Times } from '../load/histogram.ts'
import type { Meter } from '../load/meter.ts'
import { probeCount } from './requests.ts'

/** How old the count is that is shown: since when as many as it says had been confirmed. */
export interface CountLag {
  /** Notes the truth as it is now, and asks for what is shown when it is time. */
  advance(now: number, confirmed: number): void
  times(): Times
}

const ASK_EVERY_MS = 100
const COUNTED = /"counted":(\d+)/

export function createCountLag(meter: Meter, connections: Connections): CountLag {
  const lag = createHistogram()
  const counts: number[] = [0]
  const since: number[] = [performance.now()]
  let askAt = 0

  /** When it was no longer the truth; now, when it still is. */
  function truthUntil(counted: number, now: number): number {
    let low = 0
    let high = counts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (counts[middle]! > counted) high = middle
      else low = middle + 1
    }
    return since[low] ?? now
  }

  return {
    advance(now, confirmed) {
      if (confirmed > counts.at(-1)!) {
        counts.push(confirmed)
        since.push(now)
      }
      if (now < askAt) return
      askAt = now + ASK_EVERY_MS
      const request = {
        kind: 'GET API, to read its count',
        bytes: probeCount,
        due: now,
        expected: [200],
      }
      meter.send(request, connections, (answer) => {
        const counted = Number(COUNTED.exec(answer?.body.toString('latin1') ?? '')?.[1])
        const arrived = performance.now()
        if (answer) lag.add(arrived - truthUntil(counted, arrived))
      })
    },
    times: () => lag.summary(),
  }
}
