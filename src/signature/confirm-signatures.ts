import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { type Petition, takesConfirmations } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import type { Clock } from '../platform/clock.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { FORM_WITHIN_MS } from '../platform/in-time.ts'
import { answers, type LinkToken } from '../platform/link-token.ts'
import { createMicroBatch, type MicroBatch } from '../platform/micro-batch.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import { type NewSubscription, subscribe } from '../subscriber/subscribe.ts'
import { mailboxFor } from './mailbox.ts'
import { type Found, findByIds, type Submission } from './reads.ts'
import { type Holding, shownOf } from './shown/replace-shown.ts'
import { LOST_VERSION } from './signature.ts'
import { insertSignatures, isCollision, type NewSignature } from './store/signatures.ts'
import { withdrawSignature } from './withdraw-signature.ts'

/** Rows a statement: as for the intake of submissions, one at a time. */
const LIMIT = 200
/** The other's confirmation is durable when ours fails because of it: the next attempt sees it. */
const ATTEMPTS = 5

type Needs = Holding & { clock: Clock }

interface Accepted {
  submission: Submission
  petition: Petition
}

type ConfirmOutcome =
  | ({ outcome: 'confirmed' } & Accepted)
  | { outcome: 'already confirmed'; petition: Petition; address: Buffer | null }
  /** Another form of the same mailbox was confirmed before; this one's submission still waits. */
  | ({ outcome: 'already signed' } & Accepted)
  | { outcome: 'closed'; petition: Petition }
  /** Rejected, withdrawn, or erased after its time. */
  | { outcome: 'gone' }

/** Confirms signatures, many in one statement. `add` settles when the confirmation is durable. */
export type Confirmations = MicroBatch<LinkToken, ConfirmOutcome>

export function createConfirmations(
  db: Db,
  needs: Needs & { petitions: Petitions },
): Confirmations {
  return createMicroBatch({
    limit: LIMIT,
    lanes: 1,
    within: FORM_WITHIN_MS,
    isCommon: isDatabaseAway,
    async write(links) {
      const petitions = await needs.petitions.all()
      return confirmSignatures(db, needs, petitions, links)
    },
  })
}

/**
 * Confirms each once: of many at the same moment one writes and the others find it done. The signature,
 * its public name, its comment, its rows in the outbox and the subscriber it may become come together or
 * not at all.
 *
 * @param db a transaction, or the pool: then each request's outcome is durable on return
 * @param petitions all of them, read before: reading them inside would wait for a second connection
 *   while this one is held, and a crowd of confirmations would wait for ever
 * @param links from verified tokens
 * @returns outcomes in the order of the links
 */
export async function confirmSignatures(
  db: Db,
  needs: Needs,
  petitions: Petition[],
  links: LinkToken[],
): Promise<ConfirmOutcome[]> {
  const ids = [...new Set(links.map(({ id }) => id))]
  const found = await findByIds(db, ids)
  const decided = links.map((link) => decide(found.get(link.id), link, petitions, needs.clock))
  const accepted = new Map(
    decided.flatMap((each) =>
      each.outcome === 'acceptable' ? [[each.submission.id, each] as const] : [],
    ),
  )
  const prepared = [...accepted.values()].map((each) => prepare(needs, each))
  const confirmed = prepared.length > 0 ? await writeSignatures(db, needs, prepared) : new Set()
  const refused = prepared.filter(({ submission }) => !confirmed.has(submission.id))
  if (refused.length > 0) {
    for (const id of await replaceLost(db, needs, refused)) confirmed.add(id)
  }
  // Confirmed or rejected at the same moment, or of a mailbox that has signed: a second read says which.
  const left = [...accepted.keys()].filter((id) => !confirmed.has(id))
  const again = left.length > 0 ? await findByIds(db, left) : new Map<string, Found>()
  const answered = new Set<string>()
  return decided.map((each, index) => {
    if (each.outcome !== 'acceptable') return each
    const { id, address } = each.submission
    if (confirmed.has(id)) {
      const { petition } = each
      if (answered.has(id)) return { outcome: 'already confirmed', petition, address }
      answered.add(id)
      return { ...each, outcome: 'confirmed' }
    }
    const now = decide(again.get(id), links[index]!, petitions, needs.clock)
    return now.outcome === 'acceptable' ? { ...now, outcome: 'already signed' } : now
  })
}

/** Before the statement that confirms: it may still find the submission gone, or its mailbox signed. */
type Decision =
  | Exclude<ConfirmOutcome, { outcome: 'confirmed' | 'already signed' }>
  | ({ outcome: 'acceptable' } & Accepted)

function decide(
  found: Found | undefined,
  link: LinkToken,
  petitions: Petition[],
  clock: Clock,
): Decision {
  const row = found?.signature ?? found?.submission
  const petition = petitions.find((each) => each.id === row?.petition_id)
  if (!found || !row || !petition || !answers(row, link)) return { outcome: 'gone' }
  const { submission, signature } = found
  if (signature) {
    if (signature.state !== 'confirmed') return { outcome: 'gone' }
    return { outcome: 'already confirmed', petition, address: signature.address }
  }
  if (!takesConfirmations(petition, clock)) return { outcome: 'closed', petition }
  return { outcome: 'acceptable', petition, submission: submission! }
}

/** A submission with the fields that become readable. */
interface Prepared extends NewSignature {
  petition: Petition
  subscription: NewSubscription | null
}

/** Only now is anything stored readable: the name, if the signer shows it. */
function prepare(needs: Needs, { submission, petition }: Accepted): Prepared {
  const { keyring } = needs
  const details = decryptDetails(keyring, submission.details)
  const mailbox = mailboxFor(petition, keyring, details)
  const { language, consent_version: consentVersion } = submission
  const { tag } = mailbox
  const subscription = { petition, language, consentVersion, tag, email: details.email }
  return {
    submission,
    petition,
    mailbox,
    ...shownOf(needs, petition, submission, details),
    subscription: submission.updates ? subscription : null,
  }
}

/**
 * Of two that belong to one mailbox the first alone.
 *
 * @returns the ids of those that became signatures
 */
async function writeSignatures(
  db: Db,
  { clock, keyring }: Needs,
  prepared: Prepared[],
): Promise<Set<string>> {
  const now = clock.now()
  const first = firstOfEach(prepared)
  const writeAll = async (trx: Db, look: boolean) => {
    const confirmed = await insertSignatures(trx, first, { now, look })
    await subscribe(
      trx,
      keyring,
      first.flatMap(({ submission, subscription }) =>
        subscription && confirmed.has(submission.id) ? [subscription] : [],
      ),
    )
    return confirmed
  }
  // One statement needs no transaction around it.
  const inOne = first.some(({ subscription }) => subscription)
  return againAfterCollision(db, (look) =>
    inOne ? inTransaction(db, (trx) => writeAll(trx, look)) : writeAll(db, look),
  )
}

function firstOfEach(prepared: Prepared[]): Prepared[] {
  const mailboxes = new Map<string, Prepared>()
  for (const each of prepared) {
    const mailbox = `${each.petition.id} ${each.mailbox.tag.toString('base64')}`
    if (!mailboxes.has(mailbox)) mailboxes.set(mailbox, each)
  }
  return [...mailboxes.values()]
}

/**
 * A mailbox whose signature was lost with a database signs anew: the lost one, of which only the log knows,
 * is withdrawn there and here in the same transaction, so that the signer counts once.
 *
 * @returns the ids of those that became signatures
 */
async function replaceLost(db: Db, needs: Needs, refused: Prepared[]): Promise<Set<string>> {
  const replaceAll = async (trx: Db) => {
    const lost = await lockLost(trx, refused)
    const found = refused.filter(({ submission }) => lost.has(submission.id))
    if (found.length === 0) return new Set<string>()
    for (const { submission, petition } of found) {
      await withdrawSignature(trx, needs, petition, lost.get(submission.id)!)
    }
    return writeSignatures(trx, needs, found)
  }
  return againAfterCollision(db, () => inTransaction(db, replaceAll))
}

/**
 * Submissions whose mailbox has signed and whose signature was lost, with the ids of those signatures. The
 * submissions are locked, before the signatures are.
 */
async function lockLost(trx: Db, refused: Prepared[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ submission: string; signature: string }>`
    with held as (
      select b.id, b.petition_id, given.tag
        from unnest(
          ${refused.map(({ submission }) => submission.id)}::uuid[],
          ${refused.map(({ mailbox }) => mailbox.tag)}::bytea[]) as given (id, tag)
        join submission b on b.id = given.id
       where not confirmed
       order by b.id
         for update of b
    )
    select held.id as submission, s.id as signature
      from held join signature s on s.petition_id = held.petition_id and s.tag = held.tag
     where s.text_version = ${LOST_VERSION} and s.state = 'confirmed'
     order by s.id`.execute(trx)
  return new Map(rows.map(({ submission, signature }) => [submission, signature]))
}

/**
 * Few mailboxes that confirm have signed before: the first attempt doesn't look, and fails on the unique key.
 * Within the caller's own transaction, where a failed statement can't be repeated, the first looks already.
 */
async function againAfterCollision<T>(db: Db, work: (look: boolean) => Promise<T>): Promise<T> {
  for (let attempt = db.isTransaction ? ATTEMPTS : 1; ; attempt++) {
    try {
      return await work(attempt > 1)
    } catch (error) {
      if (attempt === ATTEMPTS || !isCollision(error)) throw error
    }
  }
}

const inTransaction = <T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work)
