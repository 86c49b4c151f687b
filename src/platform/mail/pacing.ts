import { BudgetMap } from '../budget-map.ts'
import { MINUTE } from '../clock.ts'

/** Some 5,000 domains; one that is forgotten may be sent a minute's mails anew. */
const BUDGET_BYTES = 3 * 1024 * 1024
const PACED_BYTES = 120

interface Paced {
  /** Mails that may go now. */
  free: number
  /** Milliseconds, as `now` gives them. */
  at: number
  /** When the last of those that were sent back comes again. */
  lastBack: number
}

/**
 * At most so many mails a minute to one recipient's domain: a provider that takes a few from a sender it does not know
 * puts off, or puts aside, what comes in a burst. A quiet domain takes a minute's mails at once; what comes beyond that
 * is sent back, each to come again when there will be room for it.
 *
 * @param perMinute null: no limit
 * @param now milliseconds that only grow
 * @returns milliseconds until a mail to the domain may be tried again; 0: it may go, and is counted
 */
export function createPacing(perMinute: number | null, now: () => number) {
  if (perMinute === null) return () => 0
  // Without a name in /metrics: links to withdraw pass here as well.
  const domains = new BudgetMap<Paced>(BUDGET_BYTES, () => PACED_BYTES)
  const interval = MINUTE / perMinute
  return (domain: string): number => {
    const time = now()
    const known = domains.get(domain) ?? { free: perMinute, at: time, lastBack: time }
    known.free = Math.min(perMinute, known.free + (time - known.at) / interval)
    known.at = time
    domains.set(domain, known)
    if (known.free >= 1) {
      known.free--
      return 0
    }
    known.lastBack = Math.max(time, known.lastBack) + interval
    return Math.ceil(known.lastBack - time)
  }
}

export type Pacing = ReturnType<typeof createPacing>
