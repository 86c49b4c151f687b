import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../database.ts'
import { ExpectedError } from '../platform/expected-error.ts'

/** What a verb would do, as whoever decides is shown it. Verbs add what else is to be seen: texts, names, days. */
export interface Proposal {
  /** Sentences on what signers or readers lose, or what nobody can take back: they need a yes of their own. */
  losses: readonly string[]
  /** Numbers of this moment, which move by themselves while somebody reads. Everything else must stay as it was shown. */
  figures?: Readonly<Record<string, number>>
}

/**
 * Is shown what would happen, and says whether it may. It is asked again when that has changed meanwhile. A face that
 * can't wait, such as a page, keeps what it has shown, and answers with `stillHolds` when the person comes back.
 */
export type Agree<Shown extends Proposal> = (shown: Shown) => Promise<boolean> | boolean

/** Nobody agreed, so nothing was done. */
export class NotAgreedError extends ExpectedError {}

/** Figures may move by a tenth: a busy petition's are never twice the same. */
const MOVES_BY = 0.1

/** The two halves of a verb that asks. Both run in a transaction, the second in that of a survey behind the same locks. */
export interface Asking<Shown extends Proposal, Refused extends string, Done> {
  /** Changes nothing, and takes the locks behind which what it finds stays true. @returns why it can't be done, as a string */
  survey(trx: Db): Promise<Shown | Refused>
  work(trx: Db, shown: Shown): Promise<Done>
}

/**
 * Does what somebody has agreed to, and nothing else: surveys, asks, surveys again and does it in that transaction; or
 * asks anew if it would do something else by then. No transaction is open while it asks.
 *
 * @throws NotAgreedError
 */
export async function whenAgreed<Shown extends Proposal, Refused extends string, Done>(
  db: Db,
  agree: Agree<Shown>,
  { survey, work }: Asking<Shown, Refused, Done>,
): Promise<Done | Refused> {
  for (let agreed: Shown | null = null; ; ) {
    const before: Shown | null = agreed
    type Step = { ended: true; outcome: Done | Refused } | { ended: false; shown: Shown }
    const step = await db.transaction().execute(async (trx): Promise<Step> => {
      const shown = await survey(trx)
      if (typeof shown === 'string') return { ended: true, outcome: shown }
      if (!before || !stillHolds(before, shown)) return { ended: false, shown }
      return { ended: true, outcome: await work(trx, shown) }
    })
    if (step.ended) return step.outcome
    await requireAgreement(agree, step.shown)
    agreed = step.shown
  }
}

/**
 * For work in many transactions, none of which may do more than was shown.
 * @throws NotAgreedError
 */
export async function requireAgreement<Shown extends Proposal>(
  agree: Agree<Shown>,
  shown: Shown,
): Promise<void> {
  if ((await agree(shown)) !== true) throw new NotAgreedError('nothing was done')
}

/** Whether the agreement to one proposal covers another. */
export function stillHolds<Shown extends Proposal>(agreed: Shown, now: Shown): boolean {
  const { figures: before = {}, ...terms } = agreed
  const { figures: after = {}, ...present } = now
  return (
    isDeepStrictEqual(terms, present) &&
    isDeepStrictEqual(Object.keys(before), Object.keys(after)) &&
    Object.entries(after).every(([name, figure]) => {
      const shown = before[name]!
      return Math.abs(figure - shown) <= shown * MOVES_BY
    })
  )
}
