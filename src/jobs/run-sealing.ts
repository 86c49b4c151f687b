import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../database.ts'
import { repeat } from '../platform/jobs/repeat.ts'
import type { Keyring } from '../platform/keyring.ts'
import { createSealPool, type SealPool } from '../sealing/seal-pool.ts'
import { BATCH, sealBatch } from '../signature/seal-batch.ts'

const STEP_MS = 250
/** While one batch is written, the threads work on the next. */
const LANES = 2

/** Keeps sealing what is confirmed, for as long as the worker runs. */
export function runSealing({
  db,
  keyring,
  log,
}: {
  db: Db
  keyring: Keyring
  log: FastifyBaseLogger
}): {
  stop(): Promise<void>
} {
  const pool = createSealPool(keyring.details)
  const loop = repeat({
    every: STEP_MS,
    work: () => sealSome(db, pool, log),
    onError: (error) => log.warn({ err: error }, 'sealing was put off; it will catch up'),
  })
  return {
    async stop() {
      await loop.stop()
      await pool.close()
    },
  }
}

/** @returns 'more' when the queue may hold more */
async function sealSome(db: Db, pool: SealPool, log: FastifyBaseLogger) {
  const first = await sealOne(db, pool, log)
  if (first < BATCH) return
  await Promise.all(Array.from({ length: LANES }, () => sealOne(db, pool, log)))
  return 'more'
}

async function sealOne(db: Db, pool: SealPool, log: FastifyBaseLogger): Promise<number> {
  const { taken, failures } = await sealBatch(db, pool)
  for (const { id, failure } of failures) {
    log.error(
      { signature: id, why: failure },
      'a signature could not be sealed; it is tried again each night. Is SECRET_KEY another one?',
    )
  }
  return taken
}
