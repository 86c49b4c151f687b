import type { Db } from '../database.ts'
import { answers, type LinkToken } from '../platform/link-token.ts'
import { findByLink } from './reads.ts'
import { deleteUnconfirmed } from './store/submissions.ts'

type RejectOutcome =
  | { outcome: 'erased' | 'gone' }
  | { outcome: 'already confirmed'; petitionId: number }

/**
 * "It wasn't me": the submission is erased whole. One that is confirmed already can't be rejected by
 * the same link; it can be withdrawn. Another signature of the mailbox stays as it is.
 */
export async function rejectSubmission(db: Db, link: LinkToken): Promise<RejectOutcome> {
  const found = await findByLink(db, link.id)
  const row = found.signature ?? found.submission
  if (!row || !answers(row, link)) return { outcome: 'gone' }
  if (await deleteUnconfirmed(db, link.id)) return { outcome: 'erased' }
  const { signature } = await findByLink(db, link.id)
  return signature?.state === 'confirmed'
    ? { outcome: 'already confirmed', petitionId: signature.petition_id }
    : { outcome: 'gone' }
}
