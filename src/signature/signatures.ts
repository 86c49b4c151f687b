import type { Agree } from '../actions/agreement.ts'
import type { Actor } from '../actions/note-action.ts'
import type { Database, Db } from '../database.ts'
import { UNWEIGHED, type Weighed } from '../defence/intake.ts'
import type { Held } from '../defence/verdict.ts'
import type { VoidReason } from '../log/core/entry/entry.ts'
import type { Petition } from '../petition/petition.ts'
import type { EmailAddress } from '../platform/address/email-address.ts'
import { ago, DAY } from '../platform/clock.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { inTimeToAnswer } from '../platform/in-time.ts'
import type { LinkToken } from '../platform/link-token.ts'
import type { SealPool } from '../sealing/seal-pool.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { createConfirmations } from './confirm-signatures.ts'
import type { SignInput } from './form/sign-form.ts'
import { createMailSubmission, type MailNeeds } from './mail/mail-submissions.ts'
import {
  type MailWithdrawalJob,
  mailWithdrawal,
  requestWithdrawal,
} from './mail/mail-withdrawal.ts'
import { createRecorder } from './mail/record-outcomes.ts'
import {
  type Erasing,
  eraseWhenAgreed,
  releaseForReason,
  releaseHeld,
} from './mail/release-held.ts'
import { mailboxFor } from './mailbox.ts'
import { measureSealing } from './measure-sealing.ts'
import type { FindWords } from './moderation/find-words.ts'
import { createModeration } from './moderation/moderation.ts'
import { readSealed } from './read-sealed.ts'
import { findByLink, findByMailbox, findSignature, waitsForSealing } from './reads.ts'
import { recomputeTags } from './recompute-tags.ts'
import { rejectSubmission } from './reject-submission.ts'
import { eraseUnconfirmed, remindPending } from './remind-or-erase.ts'
import { sealBatch } from './seal-batch.ts'
import { createPublicSignersCache } from './shown/list-public-signers.ts'
import { listNamesToModerate, listWaitingComments, moderate } from './shown/moderate.ts'
import { createPublicPages } from './shown/page-public.ts'
import { replaceShown } from './shown/replace-shown.ts'
import { createIntake, signPetition } from './sign-petition.ts'
import { countHeld } from './store/held.ts'
import { requeueReadable } from './store/outbox.ts'
import type { Moderated } from './store/shown.ts'
import { forgetTraitsBefore } from './store/traits.ts'
import { type Voiding, voidWhenAgreed } from './void-signatures.ts'
import { withdrawSignature } from './withdraw-signature.ts'

/** What is noted of forms. */
export const TRAITS_KEPT_DAYS = 30

export type Signatures = ReturnType<typeof createSignatures>

/**
 * The verbs of a signature's life, for faces; signature.ts has the table of states. Each that
 * writes is one transaction; rooms above call the functions themselves, within their own.
 *
 * @param maxAge of the public names and comments in memory, in milliseconds
 */
export function createSignatures(
  needs: MailNeeds & {
    hasHeldWord?: FindWords
    publicReads: PublicReads<Database>
    sharing: Pick<Sharing, 'resolveCode'>
  },
  maxAge?: number,
) {
  const { db, clock, keyring, petitions } = needs
  const record = createRecorder(needs)
  const { resolveCode } = needs.sharing
  const signing = { clock, keyring, intake: createIntake(db), resolveCode }
  const confirmations = createConfirmations(db, needs)
  const inTransaction = <T>(work: (trx: Db) => Promise<T>) => db.transaction().execute(work)
  const whileAsked = <T>(work: (trx: Db) => Promise<T>) => inTimeToAnswer(inTransaction(work))
  return {
    /** Durable on return. */
    sign: (petition: Petition, language: string, input: SignInput, weighed: Weighed = UNWEIGHED) =>
      signPetition(signing, petition, language, input, weighed),
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
      return whileAsked((trx) => replaceShown(trx, needs, all, link))
    },
    /** @param mirror that it was asked at; absent for PUBLIC_URL */
    requestWithdrawal: (
      petition: Petition,
      language: string,
      email: EmailAddress,
      mirror?: string,
    ) => whileAsked((trx) => requestWithdrawal(trx, needs, petition, language, email, mirror)),
    withdraw: (petition: Petition, id: string) =>
      whileAsked((trx) => withdrawSignature(trx, needs, petition, id)),
    /** @throws NotAgreedError */
    void: (
      petition: Petition,
      choice: { indexes: number[]; reason: VoidReason },
      by: Actor,
      agree: Agree<Voiding>,
    ) => voidWhenAgreed(db, { ...needs, by }, petition, choice, agree),

    /** By the id of a link to confirm: its submission, the signature that was made of it, or both. */
    findConfirmable: (id: string) => inTimeToAnswer(findByLink(db, id)),
    find: (id: string) => inTimeToAnswer(findSignature(db, id)),
    /** The mailbox's signature under a petition, whichever form made it. */
    findOfMailbox: (petition: Petition, signer: { email: string; normalisedEmail: string }) =>
      inTimeToAnswer(findByMailbox(db, petition.id, mailboxFor(petition, keyring, signer))),
    /** Names and comments on the page. */
    listPublic: createPublicSignersCache(needs.publicReads, keyring, maxAge),
    /** All of them, in pages. */
    publicPages: createPublicPages(needs.publicReads, keyring),

    listWaitingComments: (petition: Petition) => listWaitingComments(db, keyring, petition.id),
    listNamesToModerate: (petition: Petition, options: { newest: number }) =>
      listNamesToModerate(db, keyring, petition.id, options),
    moderate: (moderated: Moderated, id: string, decision: 'approved' | 'refused', by: Actor) =>
      inTransaction((trx) => moderate(trx, { clock, by, keyring }, moderated, id, decision)),
    moderation: createModeration(needs),
    recomputeTags: (petition: Petition, options: { rehearse: boolean }, by: Actor) =>
      recomputeTags(db, { clock, keyring, by }, petition, options),
    readSealed: (trx: Db, petition: Petition, only?: readonly string[]) =>
      readSealed(trx, petition, clock.now(), only),
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
    forgetTraits: () => forgetTraitsBefore(db, ago(clock, TRAITS_KEPT_DAYS * DAY)),

    countHeld: (petition: Petition | null) => countHeld(db, petition?.id ?? null),
    releaseForReason: (petition: Petition, held: readonly Held[], limit: number, by: Actor) =>
      inTransaction((trx) => releaseForReason(trx, { clock, by }, petition, { held, limit })),
    /** @throws NotAgreedError */
    eraseHeld: (
      petition: Petition,
      choice: { held: readonly Held[]; until: Date },
      by: Actor,
      agree: Agree<Erasing>,
      onErased?: (forms: number) => void,
    ) => eraseWhenAgreed(db, { clock, by }, petition, choice, agree, onErased),
  }
}
