import { sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { PublicComment, PublicSigner } from './list-public-signers.ts'
import type { CommentToModerate } from './moderate-comments.ts'
import type { CommentState } from './public-signer.table.ts'

/** Texts lie encrypted; who lists them has the key. */
type Encrypted<Comment extends { text: string }> = Omit<Comment, 'text'> & { text: Buffer }

interface Wanted {
  limit: number
  /** Only of signatures whose entry has its place in the public log: they show with its batch. */
  inLog: boolean
}

const isInLog = (table: 'public_name' | 'comment') =>
  sql<boolean>`exists (
    select from log_place where log_place.signature_id = ${sql.table(table)}.signature_id)`

export async function recentNames(
  db: Db,
  petitionId: number,
  { limit, inLog }: Wanted,
): Promise<PublicSigner[]> {
  return db
    .selectFrom('public_name')
    .select(['name', 'country', 'confirmed_at as confirmedAt'])
    .where('petition_id', '=', petitionId)
    .$if(inLog, (query) => query.where(isInLog('public_name')))
    .orderBy('confirmed_at', 'desc')
    .limit(limit)
    .execute()
}

export async function recentComments(
  db: Db,
  petitionId: number,
  { limit, inLog }: Wanted,
): Promise<Encrypted<PublicComment>[]> {
  return db
    .selectFrom('comment')
    .leftJoin('public_name', 'public_name.signature_id', 'comment.signature_id')
    .select([
      'comment.text',
      'comment.country',
      'comment.confirmed_at as confirmedAt',
      'public_name.name',
    ])
    .where('comment.petition_id', '=', petitionId)
    .where('comment.state', '=', 'approved')
    .$if(inLog, (query) => query.where(isInLog('comment')))
    .orderBy('comment.confirmed_at', 'desc')
    .limit(limit)
    .execute()
}

export async function listComments(
  db: Db,
  petitionId: number,
  state: CommentState,
): Promise<Encrypted<CommentToModerate>[]> {
  return db
    .selectFrom('comment')
    .leftJoin('public_name', 'public_name.signature_id', 'comment.signature_id')
    .select(['comment.signature_id as id', 'state', 'text', 'comment.country', 'public_name.name'])
    .where('comment.petition_id', '=', petitionId)
    .where('state', '=', state)
    .orderBy('comment.confirmed_at')
    .execute()
}

/** @returns false when there is no such comment (any more). */
export async function setCommentState(
  db: Db,
  id: string,
  state: CommentState,
  now: Date,
): Promise<boolean> {
  const outcome = await db
    .updateTable('comment')
    .set({ state, decided_at: now })
    .where('signature_id', '=', id)
    .executeTakeFirst()
  return outcome.numUpdatedRows > 0n
}
