import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Clock } from '../../platform/clock.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type Later, type Mailer, sendOrPutOff, waitForDomain } from '../../platform/mail/mail.ts'
import { decryptAddress, encryptAddress } from '../../sealing/signer-details.ts'
import type { UpdateContent } from '../update-files.ts'
import { asUpdate, listUpdates, type Update } from '../update-rows.ts'
import { type ComposeNeeds, composeTest } from './compose-update.ts'

export const MAIL_TEST_UPDATE = 'mail-test-update'

export interface MailTestUpdateJob {
  petition: number
  update: number
  /** Of one that is not published, whose `update` is 0: its name, and its text in that language. */
  unpublished?: { name: string; content: UpdateContent }
  language: string
  /** Encrypted. */
  to: string
  attempt?: number
  since?: number
  doubted?: number
  hung?: boolean
}

/**
 * Enqueues the mails that the organisers look at first, one a language; the update need not be published. Call
 * it in a transaction.
 */
export async function requestTest(
  trx: Db,
  { keyring, ...acting }: Acting & { keyring: Keyring },
  {
    petition,
    update,
    languages,
    to,
  }: { petition: Petition; update: Update; languages: string[]; to: string },
): Promise<void> {
  for (const language of languages) {
    const job: MailTestUpdateJob = {
      petition: petition.id,
      update: update.id,
      ...(update.id === 0 && {
        unpublished: { name: update.name, content: update.texts.get(language)! },
      }),
      language,
      to: encryptAddress(keyring, to),
    }
    await addJob(trx, MAIL_TEST_UPDATE, { ...job })
  }
  await noteAction(trx, acting, {
    what: 'update test',
    petition,
    after: { name: update.name, languages },
  })
}

/** The job. A worker that dies while it sends doubles the mail: it goes to somebody who asked for it. */
export async function mailTest(
  needs: ComposeNeeds & { clock: Clock; mailer: Mailer },
  job: MailTestUpdateJob,
): Promise<'sent' | 'refused' | 'not due' | Later> {
  const petition = await needs.petitions.findById(job.petition)
  const update = petition && (await findUpdate(needs, petition.id, job))
  if (!petition || !update) return 'not due'
  const to = decryptAddress(needs.keyring, job.to)
  const mail = composeTest(needs, petition, update, { to, language: job.language })
  const place = await needs.mailer.enter(to, job.hung)
  if ('wait' in place) return waitForDomain(place, job, null)
  try {
    return await sendOrPutOff(place, mail, job.doubted)
  } finally {
    place.leave()
  }
}

async function findUpdate(
  { db, clock }: { db: Db; clock: Clock },
  petitionId: number,
  { update, unpublished, language }: MailTestUpdateJob,
): Promise<Update | undefined> {
  if (!unpublished) return (await listUpdates(db, petitionId)).find(({ id }) => id === update)
  const { name, content } = unpublished
  return asUpdate(petitionId, { name, contents: new Map([[language, content]]) }, clock.now())
}
