import type { FastifyBaseLogger } from 'fastify'
import { BudgetMap, heldBytes, ownBytes } from './budget-map.ts'
import { ago, type Clock, MINUTE } from './clock.ts'
import { endsInTime } from './in-time.ts'

/** Longer waits no service that makes a link preview, and no reader. */
const WITHIN_MS = 4000
/** One is made at a time: it takes a core, and the rest of this machine answers signers. */
const MOST_WAITING = 20
/** What isn't made by then never will be, and those behind it wait. */
const GIVEN_UP_AFTER_MS = MINUTE
/** What couldn't be made isn't tried again for so long: each try takes a core, and anybody can ask. */
const FAILED_FOR_MS = MINUTE
/** Of so many keys it is known that they couldn't be made. */
const MOST_FAILED = 1000

export interface MadeInTurn {
  /**
   * The file of a key: kept, or made now.
   *
   * @param key of all that can be seen in it
   * @param make stops at the signal, if it can: then it has taken a minute
   * @returns null where too many are waited for, it isn't made in time, or it can't be made; a late one is finished and kept
   */
  find(key: string, make: Make): Promise<Buffer | null>
}

type Make = (signal: AbortSignal) => Promise<Buffer>

/** Files that are made when somebody asks for them, one after the other, and kept in memory. */
export function makeInTurn({
  name,
  budget,
  clock,
  logger,
  givenUpAfterMs = GIVEN_UP_AFTER_MS,
}: {
  /** In the figures for operators, and in the log. */
  name: string
  /** In bytes. What isn't asked for makes room. */
  budget: number
  clock: Clock
  logger: Pick<FastifyBaseLogger, 'warn'>
  /** For tests. */
  givenUpAfterMs?: number
}): MadeInTurn {
  const kept = new BudgetMap<Buffer>(budget, heldBytes, name)
  const underWay = new Map<string, Promise<void>>()
  const failed = new Map<string, Date>()
  let last: Promise<unknown> = Promise.resolve()

  function begin(key: string, make: Make): Promise<void> {
    const made = last
      .then(() => inTime(make))
      .then((bytes) => kept.set(key, ownBytes(bytes)))
      .catch((err: unknown) => {
        remember(key)
        logger.warn({ err, of: name }, 'a file to pass on could not be made')
      })
      .finally(() => underWay.delete(key))
    last = made
    underWay.set(key, made)
    return made
  }

  async function inTime(make: Make): Promise<Buffer> {
    const signal = AbortSignal.timeout(givenUpAfterMs)
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    return Promise.race([make(signal), late])
  }

  function remember(key: string): void {
    failed.delete(key)
    failed.set(key, clock.now())
    const [oldest] = failed.keys()
    if (failed.size > MOST_FAILED) failed.delete(oldest!)
  }

  function mayBegin(key: string): boolean {
    const at = failed.get(key)
    const hasFailed = at !== undefined && at > ago(clock, FAILED_FOR_MS)
    return !hasFailed && underWay.size < MOST_WAITING
  }

  return {
    async find(key, make) {
      if (!kept.get(key)) {
        const making = underWay.get(key) ?? (mayBegin(key) ? begin(key, make) : null)
        if (making) await endsInTime(making, WITHIN_MS)
      }
      return kept.get(key) ?? null
    },
  }
}
