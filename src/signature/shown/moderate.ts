import type { Db } from '../../database.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { isId } from '../../platform/random-id.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import { listComments, listNames, type Moderated, setState } from './public-signer.queries.ts'
import type { ModerationState } from './public-signer.table.ts'

export interface CommentToModerate {
  id: string
  state: ModerationState
  text: string
  country: string
  name: string | null
}

export interface NameToModerate {
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
  const waiting = await listComments(db, petitionId, 'waiting')
  return waiting.map((comment) => ({ ...comment, text: decryptComment(keyring, comment.text) }))
}

/** Names that wait to be read, oldest first; then the newest of those decided on or shown at once. */
export async function listNamesToModerate(
  db: Db,
  petitionId: number,
  { newest }: { newest: number },
): Promise<NameToModerate[]> {
  const [waiting, others] = await Promise.all([
    listNames(db, petitionId, { waiting: true }),
    listNames(db, petitionId, { waiting: false, limit: newest }),
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
  return setState(db, moderated, id, decision, clock.now())
}
