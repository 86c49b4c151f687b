import type { FastifyBaseLogger } from 'fastify'
import type { Counts } from '../count/counts.ts'
import type { PublicLog } from '../log/public-log.ts'
import { LogRefusal, type LogWriter } from '../log/sequencing/log-writer.ts'
import { paceBatches } from '../log/sequencing/pace-batches.ts'
import { MINUTE, SECOND } from '../platform/clock.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { Keyring } from '../platform/keyring.ts'
import { paceErrors } from '../platform/logger.ts'
import type { Failover } from '../restoring/accept-failover.ts'
import type { Restoring } from '../restoring/restoring.ts'
import { createSealPool, type SealPool } from '../sealing/seal-pool.ts'
import { BATCH } from '../signature/seal-batch.ts'
import type { Signatures } from '../signature/signatures.ts'

/** Work that runs for as long as a worker does; graphile-worker's schedule is too coarse for it. */

/** Half a second: the shown count is then at most two seconds behind, caches included. */
const COUNT_EVERY_MS = 500
const SEAL_EVERY_MS = 250
/** While one batch is written, the threads work on the next. */
const SEALING_LANES = 2
const SEQUENCE_EVERY_MS = SECOND
/** A backup that is restored within this time after it was made isn't recognised by the mark's count. */
const RAISE_EVERY_MS = { asynchronous: MINUTE, synchronous: SECOND }

export const MARK_COMPLAINT =
  'the mark by which a restored database is recognised could not be raised; it is tried again'

interface Loop {
  stop(): Promise<void>
}

/** Keeps the counts advancing. */
export function runCounting({
  counts,
  logger,
}: {
  counts: Pick<Counts, 'advance'>
  logger: FastifyBaseLogger
}): Loop {
  const complaint = 'the tally could not be advanced; it will catch up'
  return keepTrying(COUNT_EVERY_MS, () => counts.advance(), logger, complaint)
}

/** Keeps sealing confirmed signatures. */
export function runSealing({
  keyring,
  logger,
  signatures,
}: {
  keyring: Keyring
  logger: FastifyBaseLogger
  signatures: Signatures
}): Loop {
  const pool = createSealPool(keyring.details)
  const complaint = 'sealing was put off; it will catch up'
  const work = () => sealSome(signatures, pool, logger)
  const loop = keepTrying(SEAL_EVERY_MS, work, logger, complaint)
  return {
    async stop() {
      await loop.stop()
      await pool.close()
    },
  }
}

/** @returns 'more' when the queue may hold more */
async function sealSome(signatures: Signatures, pool: SealPool, logger: FastifyBaseLogger) {
  const first = await sealOne(signatures, pool, logger)
  if (first < BATCH) return
  await Promise.all(Array.from({ length: SEALING_LANES }, () => sealOne(signatures, pool, logger)))
  return 'more'
}

async function sealOne(
  signatures: Signatures,
  pool: SealPool,
  logger: FastifyBaseLogger,
): Promise<number> {
  const { taken, failures } = await signatures.sealBatch(pool)
  for (const { id, failure } of failures) {
    logger.error(
      { signature: id, why: failure },
      'a signature could not be sealed; it is tried again each night. Is SECRET_KEY another one?',
    )
  }
  return taken
}

/** Keeps the log going: a batch every `interval` seconds, on whichever node comes first. */
export function runSequencer(
  {
    publicLog,
    logger,
  }: { publicLog: Pick<PublicLog, 'sequenceWhenDue'>; logger: FastifyBaseLogger },
  writer: LogWriter,
  interval: number,
): Loop {
  let logged = ''
  const pace = paceBatches(writer.clock, interval * SECOND, (apart) =>
    logger.warn(
      { seconds: Math.round(apart / SECOND) },
      'the clock was set, or that of another worker differs: batches of the log keep their distance, not the full minute; check the time service of each machine',
    ),
  )
  return repeat({
    every: SEQUENCE_EVERY_MS,
    async work() {
      if (!(await publicLog.sequenceWhenDue(writer, pace))) return
      if (logged) logger.info('the public log goes on')
      logged = ''
    },
    onError(error) {
      const { message } = error as Error
      // Logged once, not every second: a log that stands still needs a person.
      if (message === logged) return
      logged = message
      if (error instanceof LogRefusal) logger.fatal(`the public log stands still: ${message}`)
      else logger.warn({ err: error }, 'the public log was put off; it will catch up')
    },
  })
}

/** Keeps raising the mark by which a restored database is recognised. */
export function runRaising({
  config,
  restoring,
  logger,
}: {
  config: { databaseFailover: Failover }
  restoring: Pick<Restoring, 'raiseMark'>
  logger: FastifyBaseLogger
}): Loop {
  const every = RAISE_EVERY_MS[config.databaseFailover]
  return keepTrying(every, () => restoring.raiseMark(), logger, MARK_COMPLAINT)
}

function keepTrying(
  every: number,
  work: () => Promise<unknown>,
  logger: FastifyBaseLogger,
  complaint: string,
): Loop {
  const faults = paceErrors((fields) => logger.warn(fields, complaint))
  const loop = repeat({ every, work, onError: faults.note })
  return {
    async stop() {
      await loop.stop()
      faults.close()
    },
  }
}
