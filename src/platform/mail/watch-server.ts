import type { FastifyBaseLogger } from 'fastify'
import { MINUTE } from '../clock.ts'
import { repeat } from '../jobs/repeat.ts'
import type { Mailer } from './mailer.ts'

/** While nothing is wrong, the mail server is asked at every fifth look alone. */
const CALM_LOOKS = 5

/**
 * Asks the mail server now and from time to time: a process that mails nothing itself would not know what it
 * takes. It doesn't wait for an answer when it stops.
 *
 * @returns `first`: what the first look found, as `check` has it
 */
export function watchServer(
  mailer: Mailer,
  log: Pick<FastifyBaseLogger, 'warn' | 'info'>,
): { first: Promise<string | null>; stop(): void } {
  let known: string | null = null
  let looks = 0

  async function look(): Promise<string | null> {
    const found = await mailer.check()
    if (found && !known) log.warn({ why: found }, 'the mail server takes no mails')
    if (!found && known) log.info('the mail server takes mails again')
    known = found
    return found
  }

  const first = look()
  const watch = repeat({
    every: MINUTE,
    work: async () => {
      looks = known || mailer.trouble() ? 0 : (looks + 1) % CALM_LOOKS
      if (looks === 0) await look()
    },
    onError: () => {},
  })
  return { first, stop: () => void watch.stop() }
}
