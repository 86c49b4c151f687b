import type { Db } from '../database.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { createMicroBatch, type MicroBatch } from '../platform/micro-batch.ts'
import { insertSubmissions, type NewSubmission } from './intake.queries.ts'
import { MAIL_SUBMISSIONS } from './mail/mail-submissions.ts'

/** Rows a statement; larger ones gain nothing and take longer each. */
const LIMIT = 200
/**
 * What comes while a batch is written goes in the next. With a second one beside it batches are smaller, cost the
 * database more, and the slowest answers take longer.
 */
const LANES = 1

/** Takes submissions in, many in one statement. `add` settles when the submission is durable. */
export type Intake = MicroBatch<NewSubmission, undefined>

export function createIntake(db: Db): Intake {
  return createMicroBatch<NewSubmission, undefined>({
    limit: LIMIT,
    lanes: LANES,
    isCommon: isDatabaseAway,
    async write(rows) {
      await insertSubmissions(db, rows, MAIL_SUBMISSIONS)
      return rows.map(() => undefined)
    },
  })
}
