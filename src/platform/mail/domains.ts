import { BudgetMap } from '../budget-map.ts'
import { HOUR, MINUTE, SECOND } from '../clock.ts'

/** Older answers of a domain say little about today's: counts are halved when they reach so many. */
const REMEMBERED = 20
/** A domain of which nothing was heard for so long is new again. */
const FORGOTTEN_AFTER = HOUR
/** Some 5,000 domains, the longest name of which has 253 characters. */
const BUDGET_BYTES = 3 * 1024 * 1024
const KNOWN_BYTES = 150
const FIRST_PAUSE = 15 * SECOND
const LONGEST_PAUSE = 5 * MINUTE

/** `new`: nothing is known; `quick`: its mails are mostly answered soon; `slow`: they mostly hang. */
export type Pace = 'new' | 'quick' | 'slow'

interface Known {
  quick: number
  hung: number
  /** Mails that hung one after the other. */
  inRow: number
  heard: number
  /** When one of its mails may be tried again. */
  free: number
}

/**
 * What recipients' domains are like, learnt from mails: a relay that asks the recipient's server first, answers as
 * slowly as that server. In memory only, and bounded.
 *
 * @param now milliseconds that only grow
 */
export function createDomains(now: () => number) {
  const domains = new BudgetMap<Known>(BUDGET_BYTES, () => KNOWN_BYTES, 'mail_domains')

  function find(domain: string): Known | null {
    const known = domains.get(domain)
    return known && now() - known.heard < FORGOTTEN_AFTER ? known : null
  }

  return {
    paceOf(domain: string): Pace {
      const known = find(domain)
      if (!known) return 'new'
      return known.hung > known.quick ? 'slow' : 'quick'
    },
    /** Milliseconds until a mail to a slow domain may be tried. */
    pauseOf: (domain: string) => Math.max(0, (find(domain)?.free ?? 0) - now()),
    note(domain: string, event: 'quick' | 'hung'): void {
      const known = find(domain) ?? { quick: 0, hung: 0, inRow: 0, heard: 0, free: 0 }
      known[event]++
      known.heard = now()
      known.inRow = event === 'hung' ? known.inRow + 1 : 0
      known.free =
        now() + (known.inRow && Math.min(FIRST_PAUSE * 2 ** (known.inRow - 1), LONGEST_PAUSE))
      // One that answers again soon counts as quick again.
      if (event === 'quick' && known.hung > known.quick) known.hung = Math.floor(known.hung / 2)
      if (known.quick + known.hung >= REMEMBERED) {
        known.quick /= 2
        known.hung /= 2
      }
      domains.set(domain, known)
    },
  }
}

export type Domains = ReturnType<typeof createDomains>
