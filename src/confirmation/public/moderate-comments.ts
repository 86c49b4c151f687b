import type { Db } from '../../database.ts'
import type { Clock } from '../../platform/clock.ts'
import { isId } from '../../platform/random-id.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import { listComments, setCommentState } from './public-signer.queries.ts'
import type { CommentState } from './public-signer.table.ts'

export interface CommentToModerate {
  id: string
  state: CommentState
  text: string
  country: string
  name: string | null
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

/**
 * Shows a comment on the page, or keeps it off. A decision can be changed later.
 * @returns false when there is no such comment (any more): its signer may have withdrawn
 */
export async function decideComment(
  db: Db,
  clock: Clock,
  id: string,
  decision: 'approved' | 'refused',
): Promise<boolean> {
  if (!isId(id)) return false
  return setCommentState(db, id, decision, clock.now())
}
