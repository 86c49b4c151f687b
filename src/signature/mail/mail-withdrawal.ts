import { createHash, randomInt } from 'node:crypto'
import type { Db } from '../../database.ts'
import {
  countMails,
  lockOf,
  type MailCountKeys,
  mailCountKeys,
  noteAsked,
  readTurns,
  TOO_MANY_MAILS,
} from '../../defence/cap-mails.ts'
import { LEASED_ELSEWHERE } from '../../defence/lease-mails.ts'
import type { Petition } from '../../petition/petition.ts'
import { type EmailAddress, parseEmail } from '../../platform/address/email-address.ts'
import { ago, type Clock, DAY, SECOND } from '../../platform/clock.ts'
import { holdLock } from '../../platform/database/locks.ts'
import { addJob } from '../../platform/jobs/add-job.ts'
import type { Keyring } from '../../platform/keyring.ts'
import {
  HELD_ELSEWHERE,
  type Later,
  sendOrPutOff,
  waitForDomain,
} from '../../platform/mail/mail.ts'
import { idOfBytes } from '../../platform/random-id.ts'
import { decryptAddress, encryptAddress } from '../../sealing/signer-details.ts'
import { addressFor, mailboxFor } from '../mailbox.ts'
import { findByMailbox } from '../reads.ts'
import { composeMail } from './compose-mail.ts'
import type { MailOutcome } from './decide-mail.ts'
import type { MailNeeds, RecordOutcome } from './mail-submissions.ts'

export const MAIL_WITHDRAWAL = 'mail-withdrawal'

export interface MailWithdrawalJob {
  petitionId: number
  language: string
  /** The mirror that it was asked at; absent for PUBLIC_URL. */
  mirror?: string
  /** The address as just typed, encrypted. */
  to: string
  /** When it was asked for, in milliseconds since 1970; absent in jobs of the release before. */
  asked?: number
  attempt?: number
  since?: number
  /** Since when its mailbox is in doubt; of the attempt before. */
  doubted?: number
  hung?: boolean
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
  mirror?: string,
): Promise<void> {
  const to = encryptAddress(keyring, email.typed)
  const job: MailWithdrawalJob = {
    petitionId: petition.id,
    language,
    ...(mirror && { mirror }),
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
 * only where they are certainly one mailbox. For any other address the same is looked up, composed, marked and
 * counted, in another's name, and nothing is sent.
 */
export async function mailWithdrawal(
  needs: MailNeeds,
  record: RecordOutcome,
  job: MailWithdrawalJob,
): Promise<MailOutcome> {
  const { db, clock, keyring } = needs
  const petition = await needs.petitions.findById(job.petitionId)
  const to = decryptAddress(keyring, job.to)
  const email = parseEmail(to)
  const asked = job.asked ?? clock.now().getTime()
  if (!petition?.tagKey || !email || asked < ago(clock, GIVEN_UP_AFTER).getTime()) return 'not due'
  const mailbox = mailboxFor(petition, keyring, { email: to, normalisedEmail: email.normalised })
  const { tag } = mailbox
  const find = (handle: Db) => findByMailbox(handle, petition.id, mailbox, { lost: true })
  const signature = await find(db)
  const target = signature ?? { id: idOfBytes(tag), address: tag }
  const { language, mirror } = job
  const mail = composeMail(needs, petition, { ...target, language, mirror }, 'withdraw', to)
  const keys = mailCountKeys(keyring, signature ? email.normalised : nobody(tag), petition.id)
  const lease = leaseOf(job)
  const key = `${MAIL_WITHDRAWAL}:${waitsAs(signature, addressFor(petition, keyring, email))}`
  const putOff = (later: Later) => (signature ? { ...later, key } : 'not due')

  const place = await needs.mailer.enter(to, job.hung)
  if ('wait' in place) return putOff(waitForDomain(place, job, null))
  try {
    const claim = await claimWithdrawal(needs, { keys, lease, find, id: signature?.id })
    if ('instead' in claim) return claim.instead === 'not due' ? 'not due' : putOff(claim.instead)
    const outcome = signature ? await sendOrPutOff(place, mail, job.doubted) : 'not due'
    await record({ lease, keys, counted: claim.counted, outcome })
    return typeof outcome === 'string' ? outcome : putOff(outcome)
  } finally {
    place.leave()
  }
}

/** Marks and counts it in one transaction, if its turn has come and the signer is still there. */
async function claimWithdrawal(
  { db, clock, leases }: MailNeeds,
  {
    keys,
    lease,
    find,
    id,
  }: {
    keys: MailCountKeys
    lease: string
    find: (trx: Db) => Promise<{ id: string } | null>
    id: string | undefined
  },
): Promise<{ counted: Date } | { instead: 'not due' | Later }> {
  let taken: Iterable<string> = []
  try {
    const claim = await holdLock(db, lockOf(keys), async (trx) => {
      // Withdrawn meanwhile, or signed.
      if ((await find(trx))?.id !== id) return { instead: 'not due' as const }
      const [turn] = await readTurns(trx, clock, [keys])
      const { wait } = turn!
      if (wait > 0) return { instead: { ...TOO_MANY_MAILS, after: wait } }
      taken = await leases.take(trx, [lease])
      if (![...taken].includes(lease)) return { instead: LEASED_ELSEWHERE }
      const counted = clock.now()
      await countMails(trx, [keys], counted)
      return { counted }
    })
    return claim ?? { instead: HELD_ELSEWHERE }
  } catch (error) {
    leases.release(taken)
    throw error
  }
}

/** The encrypted address is another one in each request. */
const leaseOf = ({ to }: MailWithdrawalJob) =>
  idOfBytes(createHash('sha256').update(to).digest().subarray(0, 16))

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
