import { randomInt } from 'node:crypto'
import type { Db } from '../../database.ts'
import {
  countMails,
  lockOf,
  mailCountKeys,
  noteAsked,
  readTurns,
  TOO_MANY_MAILS,
} from '../../defence/cap-mails.ts'
import type { Petition } from '../../petition/petition.ts'
import { type EmailAddress, parseEmail } from '../../platform/address/email-address.ts'
import { ago, type Clock, DAY, SECOND } from '../../platform/clock.ts'
import { holdLock } from '../../platform/database/locks.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { HELD_ELSEWHERE, sendOrPutOff } from '../../platform/mail/mail.ts'
import { idOfBytes } from '../../platform/random-id.ts'
import { decryptAddress, encryptAddress } from '../../sealing/signer-details.ts'
import { addressFor, mailboxFor } from '../mailbox.ts'
import { findByMailbox } from '../reads.ts'
import { composeMail } from './compose-mail.ts'
import type { MailNeeds } from './mail-submissions.ts'
import type { MailOutcome } from './send-if-due.ts'

export const MAIL_WITHDRAWAL = 'mail-withdrawal'

export interface MailWithdrawalJob {
  petitionId: number
  language: string
  /** The address as just typed, encrypted. */
  to: string
  /** When it was asked for, in milliseconds since 1970; absent in jobs of the release before. */
  asked?: number
  attempt?: number
  /** Since when its mailbox is in doubt; of the attempt before. */
  doubted?: number
}

/** A link that waits so long for its turn is given up, so that every request ends. */
const GIVEN_UP_AFTER = 14 * DAY

/**
 * Before the job looks up whether the address has signed: somebody who measures the server's pace after the
 * form's answer can't tell this job from all else that happens meanwhile.
 */
const DELAY_MS = { least: 2 * SECOND, most: 20 * SECOND }

/**
 * Enqueues the mail with the link. Whether the address ever signed is looked up in the job, so that
 * the answer to the request, and its time, are the same for anyone.
 */
export async function requestWithdrawal(
  trx: Db,
  { keyring, clock }: { keyring: Keyring; clock: Clock },
  petition: Petition,
  language: string,
  email: EmailAddress,
): Promise<void> {
  const to = encryptAddress(keyring, email.typed)
  const job: MailWithdrawalJob = {
    petitionId: petition.id,
    language,
    to,
    asked: clock.now().getTime(),
  }
  await noteAsked(trx, mailCountKeys(keyring, email.normalised, petition.id), clock.now())
  const delay = randomInt(DELAY_MS.least, DELAY_MS.most)
  // Without a key: a later request in another spelling must not replace the signer's own.
  await addJob(trx, MAIL_WITHDRAWAL, { ...job }, { delay })
}

/**
 * Mails the link to an address that has signed, in the spelling that was typed: two spellings have one tag
 * only where they are certainly one mailbox. For any other address the same is looked up, composed and
 * counted, in another's name, and nothing is sent.
 */
export async function mailWithdrawal(
  needs: MailNeeds,
  job: MailWithdrawalJob,
): Promise<MailOutcome> {
  const { db, clock, keyring, mailer } = needs
  const petition = await needs.petitions.findById(job.petitionId)
  const to = decryptAddress(keyring, job.to)
  const email = parseEmail(to)
  const asked = job.asked ?? clock.now().getTime()
  if (!petition?.tagKey || !email || asked < ago(clock, GIVEN_UP_AFTER).getTime()) return 'not due'
  const mailbox = mailboxFor(petition, keyring, { email: to, normalisedEmail: email.normalised })
  const { tag } = mailbox
  const signature = await findByMailbox(db, petition.id, mailbox, { lost: true })
  const target = signature ?? { id: idOfBytes(tag), address: tag }
  const mail = composeMail(needs, petition, { ...target, language: job.language }, 'withdraw', to)
  const keys = mailCountKeys(keyring, signature ? email.normalised : nobody(tag), petition.id)
  const jobKey = `${MAIL_WITHDRAWAL}:${waitsAs(signature, addressFor(petition, keyring, email))}`
  const outcome = await holdLock(db, lockOf(keys), async (trx): Promise<MailOutcome> => {
    const [turn] = await readTurns(trx, clock, [keys])
    const { wait } = turn!
    if (wait > 0) return signature ? { ...TOO_MANY_MAILS, after: wait } : 'not due'
    const result = signature ? await sendOrPutOff(mailer, mail, job.doubted) : 'not due'
    // A refused spelling must not keep the signer's own from getting its link.
    if (typeof result !== 'string' || result === 'refused') return result
    await countMails(trx, [keys], clock.now())
    return result
  })
  const due = outcome ?? HELD_ELSEWHERE
  return typeof due === 'string' ? due : { ...due, key: jobKey }
}

/**
 * The key under which a link waits: of each the newest alone, so that no number of requests leaves more than two. The
 * address that signed has a key of its own, lest a stranger's spelling, which may be refused, replace it. Signatures from
 * before addresses were stored don't know theirs, so there each spelling has its own.
 */
function waitsAs(signature: { id: string; address: Buffer | null } | null, asked: Buffer): string {
  const isOther = signature?.address && !signature.address.equals(asked)
  return isOther ? signature.id : asked.toString('hex')
}

/** The mailbox for which unsent mails are counted: each address that never signed has one of its own. */
const nobody = (tag: Buffer) => `${tag.toString('hex')}@nobody.invalid`
