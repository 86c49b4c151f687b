import { type Acting, noteAction } from '../../actions/note-action.ts'
import type { Db } from '../../database.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { isId } from '../../platform/random-id.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import { columnsFor } from '../moderation/decide.ts'
import type { ModerationState } from '../signature.table.ts'
import { holdEntries, nextDecision, writeDecision } from '../store/decisions.ts'
import { type Moderated, readText } from '../store/shown.ts'
import { shownNameOf } from './list-public-signers.ts'

export type { Moderated }

interface CommentToModerate {
  id: string
  state: ModerationState
  text: string
  country: string
  name: string | null
}

interface NameToModerate {
  id: string
  state: ModerationState
  name: string
  country: string
}

/** Comments that wait to be read, oldest first. */
export async function listWaitingComments(
  db: Db,
  keyring: Keyring,
  petitionId: number,
): Promise<CommentToModerate[]> {
  const waiting = await db
    .selectFrom('comment')
    .leftJoin('public_name', shownNameOf)
    .select([
      'comment.signature_id as id',
      'comment.state',
      'comment.text',
      'comment.country',
      'public_name.name',
    ])
    .where('comment.petition_id', '=', petitionId)
    .where('comment.state', '=', 'waiting')
    .orderBy('comment.confirmed_at')
    .execute()
  return waiting.map((comment) => ({ ...comment, text: decryptComment(keyring, comment.text) }))
}

/** Names that wait to be read, oldest first; then the newest of those decided on or shown at once. */
export async function listNamesToModerate(
  db: Db,
  keyring: Keyring,
  petitionId: number,
  { newest }: { newest: number },
): Promise<NameToModerate[]> {
  const [waiting, others] = await Promise.all([
    selectNames(db, keyring, petitionId, { waiting: true }),
    selectNames(db, keyring, petitionId, { waiting: false, limit: newest }),
  ])
  return [...waiting, ...others]
}

/**
 * Shows a name or a comment on the page, or keeps it off; the signature counts all the same. A decision can be
 * changed later.
 * @returns false when there is no such name or comment (any more): its signer may have withdrawn
 */
export async function moderate(
  trx: Db,
  acting: Acting & { keyring: Keyring },
  moderated: Moderated,
  id: string,
  decision: 'approved' | 'refused',
): Promise<boolean> {
  if (!isId(id)) return false
  const [held] = await holdEntries(trx, moderated, { ids: [id] })
  if (!held) return false
  const { slug, state: before } = held
  await writeDecision(trx, moderated, [columnsFor(acting.keyring, held, decision)], {
    state: decision,
    why: null,
    decision: await nextDecision(trx),
    now: acting.clock.now(),
  })
  await noteAction(trx, acting, {
    what: VERBS[moderated][decision],
    petition: { slug },
    before: { state: before },
    after: { state: decision },
  })
  return true
}

/** As the commands call them. */
const VERBS = {
  public_name: { approved: 'name show', refused: 'name hide' },
  comment: { approved: 'comment approve', refused: 'comment refuse' },
} as const

async function selectNames(
  db: Db,
  keyring: Keyring,
  petitionId: number,
  { waiting, limit }: { waiting: boolean; limit?: number },
): Promise<NameToModerate[]> {
  const rows = await db
    .selectFrom('public_name')
    .select(['signature_id as id', 'state', 'name', 'hidden', 'country'])
    .where('petition_id', '=', petitionId)
    .where('state', waiting ? '=' : '<>', 'waiting')
    .where(({ or, eb }) => or([eb('name', 'is not', null), eb('hidden', 'is not', null)]))
    .orderBy('confirmed_at', waiting ? 'asc' : 'desc')
    .$if(limit !== undefined, (query) => query.limit(limit!))
    .execute()
  return rows.map(({ hidden, name, ...row }) => ({
    ...row,
    name: readText(keyring, { name, hidden, comment: null })!,
  }))
}
