import type { FastifyBaseLogger } from 'fastify'
import { BudgetMap, heldBytes, ownBytes } from './budget-map.ts'
import { endsInTime } from './in-time.ts'

/** Longer waits no service that makes a link preview, and no reader. */
const WITHIN_MS = 4000
/** One is made at a time: it takes a core, and the rest of this machine answers signers. */
const MOST_WAITING = 20

export interface MadeInTurn {
  /**
   * The file of a key: kept, or made now.
   *
   * @param key of all that can be seen in it
   * @returns null where too many are waited for, it isn't made in time, or it can't be made; a late one is finished and kept
   */
  find(key: string, make: () => Promise<Buffer>): Promise<Buffer | null>
}

/** Files that are made when somebody asks for them, one after the other, and kept in memory. */
export function makeInTurn({
  name,
  budget,
  logger,
}: {
  /** In the figures for operators, and in the log. */
  name: string
  /** In bytes. What isn't asked for makes room. */
  budget: number
  logger: Pick<FastifyBaseLogger, 'warn'>
}): MadeInTurn {
  const kept = new BudgetMap<Buffer>(budget, heldBytes, name)
  const underWay = new Map<string, Promise<void>>()
  let last: Promise<unknown> = Promise.resolve()

  function begin(key: string, make: () => Promise<Buffer>): Promise<void> {
    const made = last
      .then(make)
      .then((bytes) => kept.set(key, ownBytes(bytes)))
      .catch((err: unknown) =>
        logger.warn({ err, of: name }, 'a file to pass on could not be made'),
      )
      .finally(() => underWay.delete(key))
    last = made
    underWay.set(key, made)
    return made
  }

  return {
    async find(key, make) {
      if (!kept.get(key)) {
        const making = underWay.get(key) ?? (underWay.size < MOST_WAITING ? begin(key, make) : null)
        if (making) await endsInTime(making, WITHIN_MS)
      }
      return kept.get(key) ?? null
    },
  }
}
