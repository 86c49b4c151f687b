import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../../database.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import { waitingFlags } from '../../platform/mail/count-waiting.ts'
import type { Later } from '../../platform/mail/mailer.ts'
import { MAIL_SUBMISSION, type MailSubmissionJob } from './mail-submission.ts'
import type { TakeMailing } from './take-mailings.ts'

export const MAIL_SUBMISSIONS = 'mail-submissions'

/** What one batch of forms left to be mailed. */
export interface MailSubmissionsJob {
  /** Ids. */
  submissions: string[]
}

const FIRST_RETRY_MS = 15_000

/**
 * Mails everyone of a batch, once: what was mailed is marked, so that a second run goes on where the
 * first was cut off. Whatever is put off, or whose mail can't be made, gets a job of its own: nobody waits
 * for it, and nobody is mailed again because of it.
 */
export async function mailSubmissions(
  { db, logger }: { db: Db; logger: FastifyBaseLogger },
  mailing: TakeMailing,
  { submissions }: MailSubmissionsJob,
): Promise<void> {
  await Promise.all(
    submissions.map(async (id) => {
      const job: MailSubmissionJob = { id }
      const outcome = await mailing(job).catch((error) => {
        logger.warn(
          { task: MAIL_SUBMISSIONS, why: tryLater(error).later },
          'a mail could not be made',
        )
        return tryLater(error)
      })
      if (typeof outcome === 'string') return
      const { later, kind, after = FIRST_RETRY_MS, doubted } = outcome
      if (kind) logger.debug({ task: MAIL_SUBMISSIONS, why: later }, 'a mail is put off')
      await addJob(
        db,
        MAIL_SUBMISSION,
        { ...job, attempt: 1, doubted },
        { delay: after, flags: waitingFlags(outcome) },
      )
    }),
  )
}

/** Its message may hold a piece of what could not be read. */
const tryLater = ({ name, code = '' }: Error & { code?: string }): Later => ({
  later: `${name} ${code}`.trim(),
  kind: 'fault',
})
