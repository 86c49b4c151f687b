import type { FastifyBaseLogger } from 'fastify'
import type { Task } from '../platform/jobs/start-worker.ts'
import type { Later } from '../platform/mail/mail.ts'
import { MAIL_TEST_UPDATE, type MailTestUpdateJob } from '../update/mail/mail-test.ts'
import { SEND_UPDATE, type SendUpdateJob } from '../update/mail/send-slice.ts'
import type { Updates } from '../update/updates.ts'

/** Among the tasks below, those that mail. */
export const UPDATE_MAILS = [MAIL_TEST_UPDATE, SEND_UPDATE]

type MailOrTryLater = (
  task: string,
  job: MailTestUpdateJob,
  send: (job: MailTestUpdateJob) => Promise<string | Later>,
) => Promise<void>

export const updateTasks = (
  { updates, logger }: { updates: Updates; logger: FastifyBaseLogger },
  mailOrTryLater: MailOrTryLater,
): Record<string, Task> => ({
  [MAIL_TEST_UPDATE]: (payload) =>
    mailOrTryLater(MAIL_TEST_UPDATE, payload as MailTestUpdateJob, updates.mailTest),
  [SEND_UPDATE]: (payload) => updates.sendSlice(payload as SendUpdateJob),
  'keep-sending': async () => {
    await updates.keepSending()
  },
  'mail-milestones': async () => {
    const begun = await updates.mailMilestones()
    if (begun > 0) logger.info({ begun }, 'subscribers are mailed that a milestone is reached')
  },
})
