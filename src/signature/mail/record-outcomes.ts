import type { Db } from '../../database.ts'
import { lockOf, type MailCountKeys, uncountMails } from '../../defence/cap-mails.ts'
import { endLeases, type Leases } from '../../defence/lease-mails.ts'
import type { Clock } from '../../platform/clock.ts'
import { untilWritten } from '../../platform/database/until-written.ts'
import { createMicroBatch } from '../../platform/micro-batch.ts'
import { deleteOldestWaiting, markMailed, markUndeliverable } from '../store/submissions.ts'
import type { MailOutcome } from './decide-mail.ts'

const LIMIT = 100
/** A second lane would make batches smaller, and each costs the database a commit. */
const LANES = 1

/** A mail that was marked and counted as under way, and what became of it. */
export interface Settled {
  lease: string
  keys: MailCountKeys
  /** When it was counted. */
  counted: Date
  outcome: MailOutcome
  /** Absent for a link to withdraw. */
  submission?: { id: string; petitionId: number; address: Buffer }
}

/**
 * Writes down what became of mails, many in one transaction. While the database is away the outcome waits here: the
 * lease is renewed, or out of everyone's reach like the rest of the database, so nobody else sends the mail.
 */
export function createRecorder({ db, clock, leases }: { db: Db; clock: Clock; leases: Leases }) {
  const batch = createMicroBatch<Settled, undefined>({
    limit: LIMIT,
    lanes: LANES,
    isCommon: () => true,
    // A count is taken back in one row for each mailbox.
    keyOf: ({ keys }) => lockOf(keys),
    async write(mails) {
      await db.transaction().execute((trx) => record(trx, clock.now(), mails))
      return mails.map(() => undefined)
    },
  })
  return async (mail: Settled): Promise<void> => {
    try {
      await untilWritten(() => batch.add(mail))
    } finally {
      leases.release([mail.lease])
    }
  }
}

async function record(trx: Db, now: Date, mails: Settled[]): Promise<void> {
  const idsOf = (outcome: MailOutcome) =>
    mails.flatMap(({ submission, ...mail }) =>
      submission && mail.outcome === outcome ? [submission.id] : [],
    )
  const [sent, refused] = [idsOf('sent'), idsOf('refused')]
  if (sent.length > 0) await markMailed(trx, sent, now)
  if (refused.length > 0) await markUndeliverable(trx, refused)
  const putOff = mails.flatMap(({ outcome, submission }) =>
    typeof outcome !== 'string' && submission ? [submission] : [],
  )
  if (putOff.length > 0) await deleteOldestWaiting(trx, putOff)
  const unsent = mails.filter(({ outcome }) => isUnsent(outcome))
  await uncountMails(
    trx,
    unsent.map(({ keys, counted }) => ({ keys, when: counted })),
  )
  await endLeases(
    trx,
    mails.map(({ lease }) => lease),
  )
}

/** One that the server may have taken counts as sent, and so does one that was only pretended. */
const isUnsent = (outcome: MailOutcome): boolean =>
  outcome === 'refused' || (typeof outcome !== 'string' && !outcome.isUnknown)
