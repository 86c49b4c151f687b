import type { NotNull } from 'kysely'
import type { Db } from '../../database.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { isId } from '../../platform/random-id.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import type { ModerationState } from '../signature.table.ts'
import { type Moderated, setModeration } from '../store/shown.ts'
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
  petitionId: number,
  { newest }: { newest: number },
): Promise<NameToModerate[]> {
  const [waiting, others] = await Promise.all([
    selectNames(db, petitionId, { waiting: true }),
    selectNames(db, petitionId, { waiting: false, limit: newest }),
  ])
  return [...waiting, ...others]
}

/**
 * Shows a name or a comment on the page, or keeps it off; the signature counts all the same. A decision can be
 * changed later.
 * @returns false when there is no such name or comment (any more): its signer may have withdrawn
 */
export async function moderate(
  db: Db,
  clock: Clock,
  moderated: Moderated,
  id: string,
  decision: 'approved' | 'refused',
): Promise<boolean> {
  if (!isId(id)) return false
  return setModeration(db, moderated, id, decision, clock.now())
}

async function selectNames(
  db: Db,
  petitionId: number,
  { waiting, limit }: { waiting: boolean; limit?: number },
): Promise<NameToModerate[]> {
  return db
    .selectFrom('public_name')
    .select(['signature_id as id', 'state', 'name', 'country'])
    .where('petition_id', '=', petitionId)
    .where('state', waiting ? '=' : '<>', 'waiting')
    .where('name', 'is not', null)
    .$narrowType<{ name: NotNull }>()
    .orderBy('confirmed_at', waiting ? 'asc' : 'desc')
    .$if(limit !== undefined, (query) => query.limit(limit!))
    .execute()
}
