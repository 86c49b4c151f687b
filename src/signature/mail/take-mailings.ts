import { createMicroBatch } from '../../platform/micro-batch.ts'
import {
  type MailOutcome,
  type MailServices,
  type MailSubmissionJob,
  mailTogether,
} from './mail-submission.ts'

/** Mails that are counted together: a crash may double so many, and a slow server holds them up. */
const TOGETHER = 20
/** While the mails of one batch go out, others are looked up or counted. */
const LANES = 4

/** Mails one submission; many that are due at about the same time are looked up and counted together. */
export type TakeMailing = (job: MailSubmissionJob) => Promise<MailOutcome>

export function createMailing(needs: MailServices): TakeMailing {
  const batch = createMicroBatch<MailSubmissionJob, PromiseSettledResult<MailOutcome>>({
    limit: TOGETHER,
    lanes: LANES,
    // What fails now fails for all: they are not to be mailed again one by one.
    isCommon: () => true,
    // The second of one submission finds the mail of the first noted.
    keyOf: ({ id }) => id,
    write: (jobs) => mailTogether(needs, jobs),
  })
  return async (job) => {
    const outcome = await batch.add(job)
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}
