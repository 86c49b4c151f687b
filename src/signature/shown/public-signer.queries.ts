import { type JoinBuilder, type NotNull, sql } from 'kysely'
import type { Database, Db } from '../../database.ts'
import type { PublicComment, PublicSigner } from './list-public-signers.ts'
import type { CommentToModerate, NameToModerate } from './moderate.ts'
import type { ModerationState } from './public-signer.table.ts'

/** The tables whose rows are shown once they are approved. */
export type Moderated = 'public_name' | 'comment'
const TEXT_OF = { public_name: 'name', comment: 'text' } as const

/** Texts lie encrypted; who lists them has the key. */
type Encrypted<Comment extends { text: string }> = Omit<Comment, 'text'> & { text: Buffer }

interface Wanted {
  limit: number
  /** Only of signatures whose entry has its place in the public log: they show with its batch. */
  inLog: boolean
}

const isInLog = (table: Moderated) =>
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
    .where('state', '=', 'approved')
    .where('name', 'is not', null)
    .$narrowType<{ name: NotNull }>()
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
    .leftJoin('public_name', shownNameOf)
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
  state: ModerationState,
): Promise<Encrypted<CommentToModerate>[]> {
  return db
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
    .where('comment.state', '=', state)
    .orderBy('comment.confirmed_at')
    .execute()
}

/** Beside a comment stands the name that the page shows, or none. */
const shownNameOf = (join: JoinBuilder<Database, 'comment' | 'public_name'>) =>
  join
    .onRef('public_name.signature_id', '=', 'comment.signature_id')
    .on('public_name.state', '=', 'approved')

export async function listNames(
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

/** @returns false when there is nothing to decide on (any more): no such row, or a name that was taken off. */
export async function setState(
  db: Db,
  moderated: Moderated,
  id: string,
  state: ModerationState,
  now: Date,
): Promise<boolean> {
  const outcome = await db
    .updateTable(moderated)
    .set({ state, decided_at: now })
    .where('signature_id', '=', id)
    .where(sql.ref(TEXT_OF[moderated]), 'is not', null)
    .executeTakeFirst()
  return outcome.numUpdatedRows > 0n
}
