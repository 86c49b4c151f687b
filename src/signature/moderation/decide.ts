import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import { ago, DAY } from '../../platform/clock.ts'
import { ExpectedError } from '../../platform/expected-error.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { encryptHiddenName } from '../../sealing/signer-details.ts'
import type { ModerationState } from '../signature.table.ts'
import {
  type Held,
  holdEntries,
  type NameColumns,
  nextDecision,
  takeBack,
  writeDecision,
} from '../store/decisions.ts'
import { type Moderated, readText } from '../store/shown.ts'
import type { Reason } from './why.ts'

/** For so long a decision can be undone; then what was hidden is erased. */
export const UNDONE_WITHIN_DAYS = 30
const TABLES = ['public_name', 'comment'] as const

export class ModerationError extends ExpectedError {}

type Needs = Acting & { keyring: Keyring }
/** A name or comment, by the signature's id. */
export interface Entry {
  moderated: Moderated
  id: string
}

export interface Decision {
  state: 'approved' | 'refused'
  /** Of hiding. */
  reason: Reason | null
  /** Why they waited, where all that wait for it are decided on. */
  waited?: string
}

export interface Decided {
  /** What `undo` takes it back by. */
  decision: number
  names: number
  comments: number
}

/**
 * Shows names and comments, or hides them; their signatures count all the same. A hidden text is encrypted until the
 * decision can't be undone any more. An approved entry is not hidden by reports again.
 *
 * @param petition whose they are: others are passed over
 */
export async function decideEntries(
  trx: Db,
  needs: Needs,
  petition: { id: number; slug: string },
  entries: Entry[],
  { state, reason, waited }: Decision,
): Promise<Decided> {
  const decision = await nextDecision(trx)
  const counts = { public_name: 0, comment: 0 }
  for (const moderated of TABLES) {
    const ids = entries.filter((entry) => entry.moderated === moderated).map(({ id }) => id)
    if (ids.length === 0) continue
    const held = (await holdEntries(trx, moderated, { ids })).filter(
      ({ petition_id }) => petition_id === petition.id,
    )
    const decided = { state, why: reason, decision, now: needs.clock.now() }
    const columns = held.map((row) => columnsFor(needs.keyring, row, state))
    await writeDecision(trx, moderated, columns, decided)
    counts[moderated] = held.length
  }
  const { public_name: names, comment: comments } = counts
  if (names + comments > 0) {
    await noteAction(trx, needs, {
      what: state === 'approved' ? 'moderation approve' : 'moderation hide',
      petition,
      before: waited ? { waited } : null,
      after: { decision, names, comments, ...(reason ? { reason } : {}) },
    })
  }
  return { decision, names, comments }
}

/** @throws ModerationError when there is nothing to take back (any more) */
export async function undoDecision(
  trx: Db,
  needs: Needs,
  petition: { id: number; slug: string },
  decision: number,
): Promise<Decided> {
  const since = ago(needs.clock, UNDONE_WITHIN_DAYS * DAY)
  const counts = { public_name: 0, comment: 0 }
  for (const moderated of TABLES) {
    const held = (await holdEntries(trx, moderated, { decision, since })).filter(
      ({ petition_id }) => petition_id === petition.id,
    )
    const columns = held.map((row) => columnsFor(needs.keyring, row, row.was!))
    await takeBack(trx, moderated, columns)
    counts[moderated] = held.length
  }
  const { public_name: names, comment: comments } = counts
  if (names + comments === 0) {
    throw new ModerationError(
      `nothing of ${petition.slug} stands as decision ${decision} left it: it is older than ${UNDONE_WITHIN_DAYS} days, was decided on anew, or its signers have left`,
    )
  }
  const after = { decision, names, comments }
  await noteAction(trx, needs, { what: 'moderation undo', petition, after })
  return { decision, names, comments }
}

/** A hidden name is encrypted, all others are as they are shown. */
export function columnsFor(keyring: Keyring, row: Held, state: ModerationState): NameColumns {
  const { id } = row
  if (row.comment) return { id, name: null, hidden: null }
  const name = readText(keyring, row)!
  if (state !== 'refused') return { id, name, hidden: null }
  return { id, name: null, hidden: encryptHiddenName(keyring, name) }
}
