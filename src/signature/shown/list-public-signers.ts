import { type JoinBuilder, type NotNull, sql } from 'kysely'
import type { Database, Db } from '../../database.ts'
import { hasGuardedFigures, type Petition } from '../../petition/petition.ts'
import { type Fresh, keepFresh } from '../../platform/cache.ts'
import type { PublicReads } from '../../platform/database/read-replica.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import { isNotQuarantined } from '../store/quarantined.ts'
import { isAfter, type PlaceMark } from './place-mark.ts'

const NAMES = 20
const COMMENTS = 6
const MAX_AGE_MS = 2000

export interface PublicSigner {
  /** The signature's; no page shows it. */
  id: string
  name: string
  country: string
  confirmedAt: Date
}

export interface PublicComment {
  id: string
  text: string
  /** Null when the signer stays hidden. */
  name: string | null
  country: string
  confirmedAt: Date
}

export interface PublicSigners {
  signers: PublicSigner[]
  comments: PublicComment[]
  /** There are more of them than these. */
  more: { signers: boolean; comments: boolean }
}

type PublicSignersCache = (petition: Petition) => Promise<PublicSigners>

/**
 * The approved names and comments of signers who chose to show them, newest first. Those of a petition with
 * guarded figures appear with the log's batches, as its figures do.
 */
export function createPublicSignersCache(
  publicReads: PublicReads<Database>,
  keyring: Keyring,
  maxAge = MAX_AGE_MS,
): PublicSignersCache {
  const held = new Map<string, Fresh<PublicSigners>>()
  return (petition) => {
    const { id } = petition
    const inLog = hasGuardedFigures(petition)
    const key = `${id} ${inLog}`
    let cache = held.get(key)
    if (!cache) {
      const load = () =>
        publicReads.read(async (db) => {
          const signers = await recentNames(db, id, { limit: NAMES + 1, inLog })
          const comments = await recentComments(db, id, { limit: COMMENTS + 1, inLog })
          return {
            signers: signers.slice(0, NAMES),
            comments: comments
              .slice(0, COMMENTS)
              .map((comment) => ({ ...comment, text: decryptComment(keyring, comment.text) })),
            more: { signers: signers.length > NAMES, comments: comments.length > COMMENTS },
          }
        })
      cache = keepFresh({ maxAge, load, mayBeStale: isDatabaseAway })
      held.set(key, cache)
    }
    return cache.get()
  }
}

interface Wanted {
  limit: number
  /** Only of signatures whose entry is in the public log: they show with its batch. */
  inLog: boolean
  /** Only those behind it; null for the newest. */
  after?: PlaceMark | null
}

const isInLog = (table: 'public_name' | 'comment') =>
  sql<boolean>`exists (
    select from log_place where log_place.signature_id = ${sql.table(table)}.signature_id)`

export async function recentNames(
  db: Db,
  petitionId: number,
  { limit, inLog, after = null }: Wanted,
): Promise<PublicSigner[]> {
  return db
    .selectFrom('public_name')
    .select(['name', 'country', 'confirmed_at as confirmedAt', 'signature_id as id'])
    .where('petition_id', '=', petitionId)
    .where('state', '=', 'approved')
    .where('name', 'is not', null)
    .$narrowType<{ name: NotNull }>()
    .where(isNotQuarantined('public_name'))
    .$if(inLog, (query) => query.where(isInLog('public_name')))
    .$if(after !== null, (query) => query.where(isAfter('public_name', after!)))
    .orderBy('confirmed_at', 'desc')
    .orderBy('signature_id', 'desc')
    .limit(limit)
    .execute()
}

export async function recentComments(
  db: Db,
  petitionId: number,
  { limit, inLog, after = null }: Wanted,
) {
  return db
    .selectFrom('comment')
    .leftJoin('public_name', shownNameOf)
    .select([
      'comment.text',
      'comment.country',
      'comment.confirmed_at as confirmedAt',
      'public_name.name',
      'comment.signature_id as id',
    ])
    .where('comment.petition_id', '=', petitionId)
    .where('comment.state', '=', 'approved')
    .where(isNotQuarantined('comment'))
    .$if(inLog, (query) => query.where(isInLog('comment')))
    .$if(after !== null, (query) => query.where(isAfter('comment', after!)))
    .orderBy('comment.confirmed_at', 'desc')
    .orderBy('comment.signature_id', 'desc')
    .limit(limit)
    .execute()
}

/** A comment's name is the one that the page shows, or none. */
export const shownNameOf = (join: JoinBuilder<Database, 'comment' | 'public_name'>) =>
  join
    .onRef('public_name.signature_id', '=', 'comment.signature_id')
    .on('public_name.state', '=', 'approved')
