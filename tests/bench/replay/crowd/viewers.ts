import { chooseWait } from '../../../../src/browser/client/choose-wait.ts'
import { readHeader } from '../load/answer-reader.ts'
import type { Connections } from '../load/connections.ts'
import type { Meter } from '../load/meter.ts'
import { createSchedule } from '../load/schedule.ts'
import { pollCount } from './requests.ts'

/** The same as in src/browser/client/follow-count.ts. */
const JITTER = 0.2
/** Counts whose requests are kept; viewers come back within seconds. */
const KEPT = 1000

const first = pollCount(null)

/** People who have the page in view: each asks for the count as the page's script does. */
export interface Viewers {
  /** Sends what is due. */
  advance(now: number): void
  polls: number
  /** Answered with 304: they had the count already. */
  unchanged: number
}

export function createViewers(count: number, meter: Meter, connections: Connections): Viewers {
  const schedule = createSchedule()
  const requests: Buffer[] = new Array(count).fill(first)
  const busyAt = new Float64Array(count).fill(performance.now())
  const failures = new Uint8Array(count)
  const byTag = new Map<string, Buffer>()
  const viewers: Viewers = {
    polls: 0,
    unchanged: 0,
    advance: (now) => schedule.take(now, poll),
  }
  // They came before, each at another moment.
  for (let viewer = 0; viewer < count; viewer++) {
    schedule.add(performance.now() + Math.random() * chooseWait(0, 0), viewer)
  }

  function plan(viewer: number, now: number): void {
    const wait = chooseWait(now - busyAt[viewer]!, failures[viewer]!)
    schedule.add(now + wait * (1 - JITTER * Math.random()), viewer)
  }

  function poll(viewer: number, due: number): void {
    const request = { kind: 'GET API', bytes: requests[viewer]!, due, expected: [200, 304] }
    meter.send(request, connections, (answer) => {
      const now = performance.now()
      viewers.polls++
      failures[viewer] = answer ? 0 : failures[viewer]! + 1
      if (answer?.status === 304) viewers.unchanged++
      if (answer?.status === 200) {
        busyAt[viewer] = now
        requests[viewer] = requestFor(readHeader(answer, 'etag'))
      }
      plan(viewer, now)
    })
  }

  function requestFor(etag: string | null): Buffer {
    if (!etag) return first
    const known = byTag.get(etag)
    if (known) return known
    const request = pollCount(etag)
    byTag.set(etag, request)
    if (byTag.size > KEPT) byTag.delete(byTag.keys().next().value!)
    return request
  }

  return viewers
}
