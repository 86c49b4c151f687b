import type { IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import { paceLines } from '../logger.ts'

/**
 * Decides who is refused with 503 when more requests come than are answered within a second: readers whose page is
 * not in memory before new forms, and both before people who hold a mailed link.
 * Why: docs/decisions/0039-stopping-and-shedding.md
 */
export interface Shedding {
  /** Null: to be answered. Called once for each request that is not answered from memory. */
  refuse(request: IncomingMessage): Refusal | null
  /** How many requests were refused. */
  counted(): { kind: Kind; reason: Reason; count: number }[]
}

export interface Refusal {
  kind: Kind
  /** There is time to read the form and to give it back. */
  mayGiveBack: boolean
}

type Kind = 'link' | 'form' | 'read'
/** `turn`: this turn of the event loop has lasted too long; `queue`: too many wait to be written. */
type Reason = 'turn' | 'queue'

/**
 * Milliseconds. A request may wait for a turn before it is read, and for another until it is written; whatever is
 * accepted is to be answered within a second.
 */
const LONGEST_TURN: Record<Kind, number> = { read: 120, form: 150, link: 250 }
const LONGEST_WAIT = { form: 500, link: 800 }
/** Fewer requests in a turn are no crowd: something else took the time. */
const CROWD = 50
/** To give a form back takes a fifth of the time of taking it; a turn that lasts longer has none for it. */
const GIVE_BACK_UNTIL_MS = 300

/** Probes, and what pages are made of. */
const NEVER = /^\/(?:healthz|readyz|metrics|assets\/)/

/**
 * @param withLink addresses that only somebody with a mailed link knows
 * @param expectedWaits milliseconds that one more of a kind would wait to be written
 * @param warn is told at most once a minute how many were refused since
 */
export function createShedding({
  withLink,
  expectedWaits,
  warn,
}: {
  withLink: RegExp
  expectedWaits: { form(): number; link(): number }
  warn(refused: number): void
}): Shedding {
  let untold = 0
  const lines = paceLines(() => {
    warn(untold)
    untold = 0
  })
  const counts = new Map<string, { kind: Kind; reason: Reason; count: number }>()
  let begun: number | null = null
  let taken = 0

  /** How long this turn of the event loop has lasted since its first such request. */
  function measureTurn(): number {
    if (begun !== null) return performance.now() - begun
    begun = performance.now()
    taken = 0
    setImmediate(() => {
      begun = null
    })
    return 0
  }

  function why(kind: Kind, turn: number): Reason | null {
    if (taken >= CROWD && turn > LONGEST_TURN[kind]) return 'turn'
    return kind !== 'read' && expectedWaits[kind]() > LONGEST_WAIT[kind] ? 'queue' : null
  }

  return {
    refuse({ method, url = '' }) {
      const turn = measureTurn()
      if (NEVER.test(url)) return null
      const kind = withLink.test(url) ? 'link' : method === 'POST' ? 'form' : 'read'
      const reason = why(kind, turn)
      if (reason === null) {
        taken++
        return null
      }
      const counted = counts.get(`${kind} ${reason}`) ?? { kind, reason, count: 0 }
      counts.set(`${kind} ${reason}`, { ...counted, count: counted.count + 1 })
      if (untold++ === 0) lines.note(null)
      return { kind, mayGiveBack: turn < GIVE_BACK_UNTIL_MS }
    },
    counted: () => [...counts.values()],
  }
}
