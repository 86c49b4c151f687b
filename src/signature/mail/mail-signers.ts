import { addJob } from '../../platform/jobs/add-job.ts'
import type { Services } from '../../services.ts'
import { MAIL_SIGNER, type MailSignerJob, mailTogether } from './mail-signer.ts'

export const MAIL_SIGNERS = 'mail-signers'

/** What one batch of forms left to be mailed. */
export interface MailSignersJob {
  signatures: {
    id: string
    /** The address as just typed, encrypted; null where the signature's details say it. */
    to: string | null
  }[]
}

/** Mails that are counted together: a crash may double so many, and a slow server holds them up. */
const TOGETHER = 10
const FIRST_RETRY_MS = 15_000

/**
 * Mails everyone of a batch, once: who was mailed is marked, so that a second run goes on where the
 * first was cut off. Who is put off gets a job of their own, and nobody waits for them.
 */
export async function mailSigners(
  services: Pick<Services, 'db' | 'clock' | 'keyring' | 'mailer' | 'petitions' | 'config' | 'log'>,
  { signatures }: MailSignersJob,
): Promise<void> {
  const { db, log } = services
  const faults: unknown[] = []
  for (let at = 0; at < signatures.length; at += TOGETHER) {
    const jobs = signatures.slice(at, at + TOGETHER).map(toJob)
    for (const [place, outcome] of (await mailTogether(services, jobs)).entries()) {
      if (outcome.status === 'rejected') faults.push(outcome.reason)
      else if (typeof outcome.value === 'object') {
        log.warn(
          { task: MAIL_SIGNERS, why: outcome.value.later },
          'the mail server puts a mail off',
        )
        await addJob(db, MAIL_SIGNER, { ...jobs[place]!, attempt: 1 }, { delay: FIRST_RETRY_MS })
      }
    }
  }
  // Once everyone else has their mail: the job is tried again, for those alone who have none.
  if (faults.length > 0) throw faults[0]
}

const toJob = ({ id, to }: MailSignersJob['signatures'][number]): MailSignerJob =>
  to === null ? { id } : { id, to }
