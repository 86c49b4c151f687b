import type { FastifyBaseLogger } from 'fastify'
import type { Counts } from '../count/counts.ts'
import type { Db } from '../database.ts'
import { forgetMailCounts } from '../defence/cap-mails.ts'
import type { IntakeGuard } from '../defence/intake.ts'
import { forgetLeases } from '../defence/lease-mails.ts'
import type { Imports } from '../imported/imports.ts'
import type { PublicLog } from '../log/public-log.ts'
import type { Clock } from '../platform/clock.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { addJob } from '../platform/jobs/add-job.ts'
import type { Task } from '../platform/jobs/start-worker.ts'
import { countKinds, paceLines } from '../platform/logger.ts'
import { waitingFlags } from '../platform/mail/count-mails.ts'
import { type Later, MailStopping } from '../platform/mail/mail.ts'
import type { Publishing } from '../publishing/publishing.ts'
import { describeAlert, MAIL_ALERTS, type MailAlertsJob } from '../scrutiny/mail-alerts.ts'
import type { Scrutiny } from '../scrutiny/scrutiny.ts'
import {
  MAIL_SUBMISSION,
  MAIL_SUBMISSIONS,
  type MailSubmissionsJob,
} from '../signature/mail/mail-submissions.ts'
import { MAIL_WITHDRAWAL, type MailWithdrawalJob } from '../signature/mail/mail-withdrawal.ts'
import type { MailSubmissionJob } from '../signature/mail/read-mailings.ts'
import type { Signatures } from '../signature/signatures.ts'
import type { Subscribers } from '../subscriber/subscribers.ts'
import { WELCOME_SUBSCRIBER, type WelcomeSubscriberJob } from '../subscriber/welcome-subscriber.ts'
import type { Updates } from '../update/updates.ts'
import type { Webhooks } from '../webhook/webhooks.ts'
import { INVITATION_MAILS, importTasks } from './import-tasks.ts'
import { UPDATE_MAILS, updateTasks } from './update-tasks.ts'
import { OUTGOING, webhookTasks } from './webhook-tasks.ts'

const FIRST_RETRY_MS = 15_000
/** Short, so that an hour without a mail server ends minutes after the server is back. */
const LONGEST_RETRY_MS = 5 * 60_000
const UNKNOWN_RETRY_MS = 2 * 60_000
/** About three days at five minutes each; unconfirmed details are still there then. */
const MAX_ATTEMPTS = 900

const MAILS = [
  MAIL_SUBMISSION,
  MAIL_SUBMISSIONS,
  MAIL_WITHDRAWAL,
  WELCOME_SUBSCRIBER,
  MAIL_ALERTS,
  ...UPDATE_MAILS,
  ...OUTGOING,
  ...INVITATION_MAILS,
]

/** Mails, which wait for other people's servers, and what must never wait for them. */
export function splitTasks(tasks: Record<string, Task>) {
  const entries = Object.entries(tasks)
  return {
    mails: Object.fromEntries(entries.filter(([name]) => MAILS.includes(name))),
    others: Object.fromEntries(entries.filter(([name]) => !MAILS.includes(name))),
  }
}

/** What the log tells of mails, once a minute. To be closed once no job runs any more: it then tells the rest. */
export function logMails(logger: FastifyBaseLogger) {
  const givenUp = paceLines((why: string[]) =>
    logger.error(
      { mails: why.length, why: why.at(-1) },
      'mails were given up: in all that time they could not be sent',
    ),
  )
  const unmade = paceLines((why: string[]) =>
    logger.warn(
      { mails: why.length, why: countKinds(why) },
      'mails could not be made: they are tried again',
    ),
  )
  return {
    /** @param why it will never be sent */
    noteGivenUp: givenUp.note,
    /** @param why no signer's data */
    noteUnmade: unmade.note,
    close() {
      givenUp.close()
      unmade.close()
    },
  }
}

type MailNotes = Pick<ReturnType<typeof logMails>, 'noteGivenUp' | 'noteUnmade'>

interface Needs {
  db: Db
  clock: Clock
  logger: FastifyBaseLogger
  counts: Pick<Counts, 'reconcile'>
  imports: Imports
  intakeGuard: Pick<IntakeGuard, 'forget'>
  publicLog: Pick<PublicLog, 'reconcile'>
  publishing: Pick<Publishing, 'publishDue'>
  scrutiny: Scrutiny
  signatures: Signatures
  subscribers: Subscribers
  updates: Updates
  webhooks: Webhooks
}

/** Every job of the program. Each is a shell around a verb that is safe to run twice. */
export function createTasks(needs: Needs, notes: MailNotes): Record<string, Task> {
  const { db, clock, counts, intakeGuard, logger, publicLog, publishing } = needs
  const { scrutiny, signatures, subscribers } = needs
  const mailOrTryLater = createMailOrTryLater(needs, notes)
  /** The error's message may quote details that could not be read. */
  const toFault = (error: Error & { code?: string }): Later => {
    // The job itself is tried again.
    if (error instanceof MailStopping || isDatabaseAway(error)) throw error
    const { name, code = '' } = error
    const why = `${name} ${code}`.trim()
    notes.noteUnmade(why)
    return { later: why, kind: 'fault' }
  }
  return {
    [MAIL_SUBMISSION]: (payload) =>
      mailOrTryLater(MAIL_SUBMISSION, payload as MailSubmissionJob, signatures.mailSubmission),
    // A mail that is put off, or can't be made, gets a job of its own: the others of the batch neither wait for it
    // nor are mailed again because of it.
    [MAIL_SUBMISSIONS]: async (payload) => {
      const { submissions } = payload as MailSubmissionsJob
      const all = await Promise.allSettled(
        submissions.map((id) =>
          mailOrTryLater(MAIL_SUBMISSION, { id } as MailSubmissionJob, (job) =>
            signatures.mailSubmission(job).catch(toFault),
          ),
        ),
      )
      const failed = all.find(({ status }) => status === 'rejected')
      if (failed) throw (failed as PromiseRejectedResult).reason
    },
    [MAIL_WITHDRAWAL]: (payload) =>
      mailOrTryLater(MAIL_WITHDRAWAL, payload as MailWithdrawalJob, (job) =>
        signatures.mailWithdrawal(job),
      ),
    [WELCOME_SUBSCRIBER]: (payload) =>
      mailOrTryLater(WELCOME_SUBSCRIBER, payload as WelcomeSubscriberJob, (job) =>
        subscribers.welcome(job),
      ),
    ...updateTasks(needs, mailOrTryLater),
    ...webhookTasks(needs),
    ...importTasks(needs),
    'remind-pending': async () => {
      await signatures.remindPending()
    },
    'release-held': async () => {
      await signatures.releaseHeld()
    },
    'publish-due': async () => {
      for (const slug of await publishing.publishDue()) {
        logger.info({ petition: slug }, 'a draft was published at its time')
      }
    },
    'forget-flows': () => intakeGuard.forget(),
    [MAIL_ALERTS]: (payload) =>
      mailOrTryLater(MAIL_ALERTS, payload as MailAlertsJob, scrutiny.mailAlerts),
    'keep-quarantines': async () => {
      const voided = await scrutiny.keepQuarantines()
      if (voided > 0) logger.warn({ voided }, 'signatures in quarantine were voided')
    },
    'look-for-anomalies': async () => {
      for (const alert of await scrutiny.lookForAnomalies()) {
        logger.warn(
          { alert: describeAlert(alert) },
          'forms have more in common than before: see "undersigned alert list"',
        )
      }
    },
    'erase-unconfirmed': async () => {
      const erased = await signatures.eraseUnconfirmed()
      if (erased > 0) logger.info({ erased }, 'erased what was never confirmed')
      await forgetMailCounts(db, clock)
      await forgetLeases(db)
      await signatures.forgetTraits()
      await signatures.moderation.eraseHidden()
    },
    'requeue-readable': async () => {
      const queued = await signatures.requeueReadable()
      if (queued > 0)
        logger.error(
          { queued },
          'confirmed signatures that were still readable are queued for sealing',
        )
    },
    'reconcile-log': async () => {
      for (const difference of await publicLog.reconcile()) {
        logger.error(difference, 'the public log and the signatures do not add up to the same')
      }
    },
    'reconcile-tally': async () => {
      for (const { dimension, expected, found } of await counts.reconcile()) {
        logger.error(
          { dimension, expected, found },
          'the tally differed from the rows and was repaired',
        )
      }
    },
  }
}

/**
 * A mail server that is away costs time, never a mail: the job enqueues its successor before it
 * ends. (graphile-worker's own retries would soon be hours apart.)
 */
function createMailOrTryLater(
  { db, clock, logger }: Needs,
  { noteGivenUp }: Pick<MailNotes, 'noteGivenUp'>,
) {
  return async <J extends { attempt?: number; since?: number; reminder?: boolean }>(
    task: string,
    job: J,
    send: (job: J) => Promise<string | Later>,
  ): Promise<void> => {
    const outcome = await send(job)
    if (typeof outcome === 'string') return
    const { later, kind, key, doubted, hung } = outcome
    const attempt = (job.attempt ?? 0) + 1
    const since = job.since ?? clock.now().getTime()
    if (attempt > MAX_ATTEMPTS) {
      if (kind) noteGivenUp(later)
      return
    }
    const pause = outcome.after ?? pauseBefore(attempt, outcome)
    // The mailer itself logs the mail server's failures, once a minute.
    if (kind) logger.debug({ task, attempt, why: later }, 'a mail is put off')
    await addJob(
      db,
      task,
      { ...job, attempt, since, doubted, hung },
      { delay: pause, key, behind: job.reminder, flags: waitingFlags(outcome, since) },
    )
  }
}

/** A mail that the server may have taken comes a second time, if it does, rather late than at once. */
function pauseBefore(attempt: number, { isUnknown }: Later): number {
  const pause = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS)
  return isUnknown ? Math.max(pause, UNKNOWN_RETRY_MS) : pause
}
