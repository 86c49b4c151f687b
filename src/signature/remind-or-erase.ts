import type { Db } from '../database.ts'
import { ago, type Clock, DAY } from '../platform/clock.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import { MAIL_SUBMISSION } from './mail/mail-submissions.ts'
import { claimForReminder, deleteExpired } from './store/submissions.ts'

export { eraseAllPending } from './store/submissions.ts'

/** The one reminder goes out after so many days; pages say so. */
export const REMIND_AFTER_DAYS = 2
/** Unconfirmed submissions are erased after so many days; pages and mails say so. */
export const RETENTION_DAYS = 14
/** Rows a transaction takes, so that none is held for long. */
const BATCH = 500

/** Enqueues the one reminder of each submission that has waited two days for its confirmation. */
export async function remindPending(db: Db, clock: Clock): Promise<number> {
  return inBatches(() =>
    db.transaction().execute(async (trx) => {
      const mailedBefore = ago(clock, REMIND_AFTER_DAYS * DAY)
      const ids = await claimForReminder(trx, { mailedBefore, limit: BATCH })
      for (const id of ids) {
        await addJob(
          trx,
          MAIL_SUBMISSION,
          { id, reminder: true },
          { key: `${MAIL_SUBMISSION}:${id}:reminder`, behind: true },
        )
      }
      return ids.length
    }),
  )
}

/** Erases submissions that were never confirmed. @returns how many */
export async function eraseUnconfirmed(db: Db, clock: Clock): Promise<number> {
  const createdBefore = ago(clock, RETENTION_DAYS * DAY)
  return inBatches(() => deleteExpired(db, { createdBefore, limit: BATCH }))
}

async function inBatches(takeBatch: () => Promise<number>): Promise<number> {
  let total = 0
  for (;;) {
    const taken = await takeBatch()
    total += taken
    if (taken < BATCH) return total
  }
}
