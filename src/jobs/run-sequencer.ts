import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../database.ts'
import { LogRefusal, type LogWriter } from '../log/sequencing/log-writer.ts'
import { sequenceLog } from '../log/sequencing/sequence-log.ts'
import { findState } from '../log/store/log-state.ts'
import { SECOND } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'

const LOOK_EVERY_MS = SECOND

/**
 * Keeps the log going: a batch every `interval` seconds, on whichever node comes first, and what another
 * node left unfinished at once. Batches keep to the clock, empty or not: an entry that comes after a
 * quiet hour waits for its batch like any other.
 */
export function runSequencer(
  { db, log }: { db: Db; log: FastifyBaseLogger },
  writer: LogWriter,
  interval: number,
): { stop(): Promise<void> } {
  let told = ''
  return repeat({
    every: LOOK_EVERY_MS,
    async work() {
      const { takenAt, sequenced, published } = (await findState(db))!
      const take = isDue(takenAt, writer.clock.now(), interval * SECOND)
      if (!take && sequenced === published) return
      await sequenceLog(db, writer, { take })
      if (told) log.info('the public log goes on')
      told = ''
    },
    onError(error) {
      const { message } = error as Error
      // Once, not every second: what stops the log asks for a person.
      if (message === told) return
      told = message
      if (error instanceof LogRefusal) log.fatal(`the public log stands still: ${message}`)
      else log.warn({ err: error }, 'the public log was put off; it will catch up')
    },
  })
}

function isDue(before: Date | null, now: Date, interval: number): boolean {
  if (!before) return true
  return Math.floor(before.getTime() / interval) < Math.floor(now.getTime() / interval)
}
