import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import { type MailCountKeys, mailCountKeys } from '../../defence/cap-mails.ts'
import { type Petition, takesConfirmations } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'

export interface MailSubmissionJob {
  /** The submission's id. */
  id: string
  reminder?: boolean
  /** How often this mail was put off. */
  attempt?: number
  /** Since when, in milliseconds since 1970. */
  since?: number
  /** Since when its mailbox is in doubt; of the attempt before. */
  doubted?: number
  /** The mail server did not answer in time; of the attempt before. */
  hung?: boolean
}

interface SubmissionToMail {
  id: string
  petition_id: number
  language: string
  address: Buffer
  details: Buffer
}

/** What is needed to mail about a submission. */
export interface Mailing {
  job: MailSubmissionJob
  petition: Petition
  submission: SubmissionToMail
  to: string
  normalised: string
  /** Where the form was sent from; absent for PUBLIC_URL. */
  mirror?: string | undefined
  keys: MailCountKeys
}

/**
 * Looks up submissions that may have to be mailed about.
 *
 * @returns in the order of the jobs; null when nothing is to be mailed any more, rejected where details can't be read
 */
export async function readMailings(
  needs: { db: Db; clock: Clock; keyring: Keyring; petitions: Petitions },
  jobs: MailSubmissionJob[],
): Promise<PromiseSettledResult<Mailing | null>[]> {
  const petitions = await needs.petitions.all()
  const { rows } = await sql<SubmissionToMail>`
    select id, petition_id, language, address, details
      from submission where id = any (${jobs.map(({ id }) => id)}::uuid[])`.execute(needs.db)
  const submissions = new Map(rows.map((submission) => [submission.id, submission]))
  return Promise.allSettled(
    jobs.map(async (job) => prepare(needs, petitions, job, submissions.get(job.id))),
  )
}

function prepare(
  { keyring, clock }: { clock: Clock; keyring: Keyring },
  petitions: Petition[],
  job: MailSubmissionJob,
  submission: SubmissionToMail | undefined,
): Mailing | null {
  const petition = petitions.find(({ id }) => id === submission?.petition_id)
  if (!submission || !petition || !takesConfirmations(petition, clock)) return null
  const { email, normalisedEmail, mirror } = decryptDetails(keyring, submission.details)
  const keys = mailCountKeys(keyring, normalisedEmail, petition.id)
  return { job, petition, submission, to: email, normalised: normalisedEmail, mirror, keys }
}
