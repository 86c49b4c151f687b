import type { IncomingMessage } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { FastifyBaseLogger } from 'fastify'
import { paceLines } from '../logger.ts'

/**
 * Lets requests in at the pace at which they are answered, and decides who is refused with 503 when more come than
 * are answered within a second: readers whose page is not in memory before new forms, and both before people who
 * hold a mailed link. Why: docs/decisions/0039-stopping-and-shedding.md
 */
export interface Shedding {
  /** Null: to be let in. For each request that is not answered from memory. */
  judge(request: IncomingMessage): Refusal | null
  /** Answers it at once, or after those that wait; refuses it when its turn comes too late. */
  letIn(request: IncomingMessage, answer: () => void, refuse: (refusal: Refusal) => void): void
  /** To be called for each connection that is accepted: others may wait behind it. */
  noteNewcomer(): void
  /** That it was refused indeed. */
  count(refusal: Refusal): void
  /** How many requests were refused. */
  counted(): { kind: Kind; reason: Reason; count: number }[]
}

export interface Refusal {
  kind: Kind
  reason: Reason
}

/** In their order when not all can be answered. */
const KINDS = ['link', 'form', 'read'] as const
type Kind = (typeof KINDS)[number]
/** `turn`: too many wait for their turn; `queue`: too many wait to be written. */
type Reason = 'turn' | 'queue'

/** Milliseconds, until its turn and from there until it is written; both together stay below a second. */
const LONGEST_UNTIL_TURN: Record<Kind, number> = { read: 200, form: 300, link: 500 }
const LONGEST_UNTIL_WRITTEN = { form: 400, link: 800 }
/**
 * For requests in a turn of the event loop. Node accepts a single connection a turn: where turns are long, newcomers
 * wait in the kernel's queue, for many seconds, and nobody knows how many they are.
 */
const TURN_MS = 1
const TURN_WITH_NEWCOMERS_MS = 0.2
/** Fewer are answered however late: something else held up the turn. */
const CROWD = 20
/** Of the newest turn, in the average of what a request takes. */
const WEIGHT = 0.1
/** A turn that took longer for a request was held up by something else. */
const SLOWEST_MS = 20

/** Probes. */
const NEVER = /^\/(?:healthz|readyz|metrics)$/
/** Pages are nothing without them, so they come first; but not past the queue, where anybody could ask for many. */
const ASSETS = /^\/assets\//
/** Without it a form has no proof of work, and its mail waits: it is a part of the form. */
const CHALLENGE = /^\/challenge$/

/**
 * @param on false: everybody is let in, however late the answer
 * @param withLink addresses that only somebody with a mailed link knows
 * @param expectedWaits milliseconds that one more of a kind would wait to be written
 * @param logger is told at most once a minute how many were refused since
 */
export function createShedding(needs: {
  on: boolean
  withLink: RegExp
  expectedWaits: { form(): number; link(): number }
  logger: Pick<FastifyBaseLogger, 'warn'>
}): Shedding {
  interface Waiting {
    request: IncomingMessage
    answer(): void
    refuse(refusal: Refusal): void
    kind: Kind
    since: number
  }
  const waiting: Record<Kind, Waiting[]> = { link: [], form: [], read: [] }
  const counts = new Map<string, { kind: Kind; reason: Reason; count: number }>()
  let turnBegan = 0
  let hasNewcomers = false
  /** Milliseconds for each request, while several wait. */
  let pace = 0
  let untold = 0
  const lines = paceLines(() => {
    needs.logger.warn(
      { refused: untold },
      'more requests come than are answered in time: some get 503',
    )
    untold = 0
  })

  const isExempt = ({ url = '' }: IncomingMessage) => !needs.on || NEVER.test(url)

  function kindOf({ method, url = '' }: IncomingMessage): Kind {
    if (needs.withLink.test(url) || ASSETS.test(url)) return 'link'
    return method === 'POST' || CHALLENGE.test(url) ? 'form' : 'read'
  }

  /** Whether too many wait to be written, for one that writes. */
  const isQueueLong = (kind: Kind, { url = '' }: IncomingMessage) =>
    kind !== 'read' &&
    !ASSETS.test(url) &&
    !CHALLENGE.test(url) &&
    needs.expectedWaits[kind]() > LONGEST_UNTIL_WRITTEN[kind]

  /** Those of its own kind and of kinds that come first. */
  function countAhead(kind: Kind): number {
    const ahead = KINDS.slice(0, KINDS.indexOf(kind) + 1)
    return ahead.reduce((sum, each) => sum + waiting[each].length, 0)
  }

  function next(): Waiting | undefined {
    const first = KINDS.find((kind) => waiting[kind].length > 0)
    return first && waiting[first].shift()
  }

  /** Once a turn: as many as there is time for, one at least. */
  function turn(): void {
    const last = turnBegan
    turnBegan = performance.now()
    const limit = hasNewcomers ? TURN_WITH_NEWCOMERS_MS : TURN_MS
    hasNewcomers = false
    let taken = 0
    for (let one = next(); one; one = next()) {
      // Who has hung up needs no answer.
      if (one.request.socket.destroyed) continue
      const { kind, since } = one
      const isLate =
        performance.now() - since > LONGEST_UNTIL_TURN[kind] && countAhead('read') >= CROWD
      if (isLate) one.refuse({ kind, reason: 'turn' })
      else one.answer()
      taken++
      if (performance.now() - turnBegan > limit) break
    }
    const sample = Math.min((performance.now() - last) / taken, SLOWEST_MS)
    if (taken > 0) pace += WEIGHT * (sample - pace)
    if (countAhead('read') > 0) setImmediate(turn)
    else turnBegan = 0
  }

  return {
    judge(request) {
      if (isExempt(request)) return null
      const kind = kindOf(request)
      const ahead = countAhead(kind)
      if (ahead >= CROWD && ahead * pace > LONGEST_UNTIL_TURN[kind]) return { kind, reason: 'turn' }
      return isQueueLong(kind, request) ? { kind, reason: 'queue' } : null
    },
    letIn(request, answer, refuse) {
      if (isExempt(request)) answer()
      else if (turnBegan === 0) {
        turnBegan = performance.now()
        setImmediate(turn)
        answer()
      } else if (countAhead('read') === 0 && performance.now() - turnBegan < TURN_MS) {
        answer()
      } else {
        const kind = kindOf(request)
        waiting[kind].push({ request, answer, refuse, kind, since: performance.now() })
      }
    },
    noteNewcomer() {
      hasNewcomers = true
    },
    count({ kind, reason }) {
      const key = `${kind} ${reason}`
      counts.set(key, { kind, reason, count: (counts.get(key)?.count ?? 0) + 1 })
      if (untold++ === 0) lines.note(null)
    },
    counted: () => [...counts.values()],
  }
}
