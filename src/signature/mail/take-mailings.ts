import { createMicroBatch } from '../../platform/micro-batch.ts'
import {
  type MailServices,
  type MailSignerJob,
  type MailSignerOutcome,
  mailTogether,
} from './mail-signer.ts'

/** Mails that are counted together: a crash may double so many, and a slow server holds them up. */
const TOGETHER = 20
/** While the mails of one batch go out, others are looked up or counted. */
const LANES = 4

/** Mails one signer; many who are due at about the same time are looked up and counted together. */
export type Mailing = (job: MailSignerJob) => Promise<MailSignerOutcome>

export function createMailing(services: MailServices): Mailing {
  const batch = createMicroBatch<MailSignerJob, PromiseSettledResult<MailSignerOutcome>>({
    limit: TOGETHER,
    lanes: LANES,
    // What fails now fails for all: they are not to be mailed again one by one.
    isCommon: () => true,
    // The second of one signer finds the mail of the first counted.
    keyOf: ({ id }) => id,
    write: (jobs) => mailTogether(services, jobs),
  })
  return async (job) => {
    const outcome = await batch.add(job)
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}
