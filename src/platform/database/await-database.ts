import { setTimeout } from 'node:timers/promises'
import { SECOND } from '../clock.ts'
import { ExpectedError } from '../expected-error.ts'
import { paceErrors } from '../logger.ts'
import { isDatabaseAway } from './unavailable.ts'

const AGAIN_AFTER_MS = SECOND

/** Somebody asked the program to stop before it had started. */
export class CalledOff extends ExpectedError {}

/**
 * Tries again for as long as the database is away, as when a machine starts its services in any order. A wrong
 * password or name of a database ends the start at once: waiting would mend neither.
 *
 * @param work may run many times
 * @throws CalledOff
 */
export async function awaitDatabase<T>(
  work: () => Promise<T>,
  {
    askedToStop,
    logger,
  }: { askedToStop: Promise<void>; logger: { warn(fields: object, message: string): void } },
): Promise<T> {
  const lines = paceErrors((fields) =>
    logger.warn(
      fields,
      'the database does not answer: the start waits for it; check DATABASE_URL and that it runs',
    ),
  )
  let calledOff = false
  askedToStop.then(() => {
    calledOff = true
  })
  try {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (!isDatabaseAway(error)) throw error
        lines.note(error)
      }
      await Promise.race([setTimeout(AGAIN_AFTER_MS), askedToStop])
      if (calledOff) throw new CalledOff('called off while the database was awaited')
    }
  } finally {
    lines.close()
  }
}
