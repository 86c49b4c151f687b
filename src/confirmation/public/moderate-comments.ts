import type { Db } from '../../database.ts'
import type { Clock } from '../../platform/clock.ts'
import { type CommentToModerate, listComments, setCommentState } from './public-signer.queries.ts'

/** Comments that wait to be read, oldest first. */
export async function listWaitingComments(
  db: Db,
  petitionId: number,
): Promise<CommentToModerate[]> {
  return listComments(db, petitionId, 'waiting')
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
  if (!/^\d{1,18}$/.test(id)) return false
  return setCommentState(db, id, decision, clock.now())
}
