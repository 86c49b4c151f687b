import type { Database, Db } from '../database.ts'
import type { Weighed } from '../defence/intake.ts'
import type { Held } from '../defence/verdict.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import type { Petition } from '../petition/petition.ts'
import type { EmailAddress } from '../platform/address/email-address.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { inTimeToAnswer } from '../platform/in-time.ts'
import type { LinkToken } from '../platform/link-token.ts'
import type { SealPool } from '../sealing/seal-pool.ts'
import { createConfirmations } from './confirm-signatures.ts'
import type { SignInput } from './form/sign-form.ts'
import { createMailSubmission, type MailNeeds } from './mail/mail-submissions.ts'
import {
  type MailWithdrawalJob,
  mailWithdrawal,
  requestWithdrawal,
} from './mail/mail-withdrawal.ts'
import { createRecorder } from './mail/record-outcomes.ts'
import { releaseForReason, releaseHeld } from './mail/release-held.ts'
import { mailboxFor } from './mailbox.ts'
import { measureSealing } from './measure-sealing.ts'
import { readSealed } from './read-sealed.ts'
import { findByLink, findByMailbox, findSignature, waitsForSealing } from './reads.ts'
import { recomputeTags } from './recompute-tags.ts'
import { rejectSubmission } from './reject-submission.ts'
import { eraseUnconfirmed, remindPending } from './remind-or-erase.ts'
import { sealBatch } from './seal-batch.ts'
import { createPublicSignersCache } from './shown/list-public-signers.ts'
import { listNamesToModerate, listWaitingComments, moderate } from './shown/moderate.ts'
import { replaceShown } from './shown/replace-shown.ts'
import { createIntake, signPetition } from './sign-petition.ts'
import { countHeld, eraseHeld } from './store/held.ts'
import { requeueReadable } from './store/outbox.ts'
import type { Moderated } from './store/shown.ts'
import { rehearseVoid, voidSignatures } from './void-signatures.ts'
import { withdrawSignature } from './withdraw-signature.ts'

export type Signatures = ReturnType<typeof createSignatures>

/**
 * The verbs of a signature's life, for faces; signature.ts has the table of states. Each that
 * writes is one transaction; rooms above call the functions themselves, within their own.
 *
 * @param maxAge of the public names and comments in memory, in milliseconds
 */
export function createSignatures(
  needs: MailNeeds & { publicReads: PublicReads<Database> },
  maxAge?: number,
) {
  const { db, clock, keyring, petitions } = needs
  const record = createRecorder(needs)
  const signing = { db, clock, keyring, intake: createIntake(db) }
  const confirmations = createConfirmations(db, needs)
  const inTransaction = <T>(work: (trx: Db) => Promise<T>) => db.transaction().execute(work)
  const whileAsked = <T>(work: (trx: Db) => Promise<T>) => inTimeToAnswer(inTransaction(work))
  return {
    /** Durable on return. */
    sign: (
      petition: Petition,
      language: string,
      input: SignInput,
      weighed: Weighed = { held: null, proof: null },
    ) => signPetition(signing, petition, language, input, weighed),
    confirm: confirmations.add,
    /** Milliseconds that one more form, or one more confirmation, would wait behind a crowd. */
    expectedWaits: {
      form: signing.intake.expectedWait,
      link: confirmations.expectedWait,
    },
    reject: (link: LinkToken) => inTimeToAnswer(rejectSubmission(db, link)),
    replaceShown: async (link: LinkToken) => {
      // Read before the transaction, which must not wait for a second connection.
      const all = await petitions.all()
      return whileAsked((trx) => replaceShown(trx, keyring, all, link))
    },
    requestWithdrawal: (petition: Petition, language: string, email: EmailAddress) =>
      whileAsked((trx) => requestWithdrawal(trx, needs, petition, language, email)),
    withdraw: (petition: Petition, id: string) =>
      whileAsked((trx) => withdrawSignature(trx, needs, petition, id)),
    void: (petition: Petition, indexes: number[], reason: VoidReason) =>
      inTransaction((trx) => voidSignatures(trx, needs, petition, indexes, reason)),
    rehearseVoid: (petition: Petition, indexes: number[]) => rehearseVoid(db, petition, indexes),

    /** By the id of a link to confirm: its submission, the signature that was made of it, or both. */
    findConfirmable: (id: string) => inTimeToAnswer(findByLink(db, id)),
    find: (id: string) => inTimeToAnswer(findSignature(db, id)),
    /** The mailbox's signature under a petition, whichever form made it. */
    findOfMailbox: (petition: Petition, signer: { email: string; normalisedEmail: string }) =>
      inTimeToAnswer(findByMailbox(db, petition.id, mailboxFor(petition, keyring, signer))),
    /** Names and comments on the page. */
    listPublic: createPublicSignersCache(needs.publicReads, keyring, maxAge),

    listWaitingComments: (petition: Petition) => listWaitingComments(db, keyring, petition.id),
    listNamesToModerate: (petition: Petition, options: { newest: number }) =>
      listNamesToModerate(db, petition.id, options),
    moderate: (moderated: Moderated, id: string, decision: 'approved' | 'refused') =>
      moderate(db, clock, moderated, id, decision),
    recomputeTags: (petition: Petition, options: { rehearse: boolean }) =>
      recomputeTags(db, keyring, petition, options),
    readSealed: (trx: Db, petition: Petition) => readSealed(trx, petition, clock.now()),
    waitsForSealing,
    measureSealing: () => measureSealing(db),

    /** The jobs; their shells are in jobs/. */
    mailSubmission: createMailSubmission(needs, record),
    mailWithdrawal: (job: MailWithdrawalJob) => mailWithdrawal(needs, record, job),
    remindPending: () => remindPending(db, clock),
    eraseUnconfirmed: () => eraseUnconfirmed(db, clock),
    sealBatch: (pool: SealPool) => sealBatch(db, pool),
    requeueReadable: () => requeueReadable(db),
    releaseHeld: () => releaseHeld(needs),

    countHeld: (petition: Petition | null) => countHeld(db, petition?.id ?? null),
    releaseForReason: (petition: Petition, held: readonly Held[], limit: number) =>
      releaseForReason(db, { petitionId: petition.id, held, limit }),
    eraseHeld: (petition: Petition, held: readonly Held[], limit: number) =>
      eraseHeld(db, { petitionId: petition.id, held, limit }),
  }
}
