import type { Db } from '../../database.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import { createMicroBatch, type MicroBatch } from '../../platform/micro-batch.ts'
import { MAIL_SIGNERS } from '../mail/mail-signers.ts'
import { type NewSignature, upsertPending } from './intake.queries.ts'

/** Rows a statement; larger ones gain nothing and hold their rows for longer. */
const LIMIT = 200
/**
 * What comes while a batch is written goes in the next. With a second one beside it batches are smaller, cost the
 * database more, and the slowest answers take longer.
 */
const LANES = 1

/** Takes signatures in, many in one statement. `add` settles when the signature is durable. */
export type Intake = MicroBatch<NewSignature, undefined>

export function createIntake(db: Db): Intake {
  return createMicroBatch<NewSignature, undefined>({
    limit: LIMIT,
    lanes: LANES,
    isCommon: isDatabaseAway,
    // A statement can't change a row twice: the same address goes after itself.
    keyOf: ({ petitionId, tag }) => `${petitionId}:${tag.toString('base64')}`,
    async write(rows) {
      await upsertPending(db, inOrder(rows), MAIL_SIGNERS)
      return rows.map(() => undefined)
    },
  })
}

/** In the order of their tags, so that two batches never wait for each other in a circle. */
const inOrder = (rows: NewSignature[]) => rows.toSorted((a, b) => a.tag.compare(b.tag))
