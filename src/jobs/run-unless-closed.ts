import type { FastifyBaseLogger } from 'fastify'
import { SECOND } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { WhyClosed } from '../restoring/why-closed.ts'

const LOOK_EVERY_MS = SECOND

interface Stoppable {
  stop(): Promise<unknown>
}

/**
 * Runs what must not touch a restored database: begins it now or once `log rebuild` has run, stops it when
 * the database is restored under it, and tells the operator each time.
 *
 * @throws what `begin` does the first time; later it is tried again
 */
export async function runUnlessClosed(
  { whyClosed, log }: { whyClosed: WhyClosed; log: FastifyBaseLogger },
  begin: () => Promise<Stoppable>,
): Promise<{ stop(): Promise<void> }> {
  let running: Stoppable | null = null
  let told: string | null = null

  async function look(): Promise<void> {
    const why = await whyClosed()
    if (why !== null) {
      if (told === null) log.fatal(why)
      told = why
      await end()
    } else if (!running) {
      running = await begin()
      if (told !== null) log.info('the site goes on: the database is the one that the log is of')
      told = null
    }
  }

  async function end(): Promise<void> {
    const ending = running
    running = null
    await ending?.stop()
  }

  await look()
  const loop = repeat({
    every: LOOK_EVERY_MS,
    work: look,
    onError: (error) => log.warn({ err: error }, 'the worker could not begin; it is tried again'),
  })
  return {
    async stop() {
      await loop.stop()
      await end()
    },
  }
}
