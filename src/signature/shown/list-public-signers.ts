import { type JoinBuilder, type NotNull, sql } from 'kysely'
import type { Database, Db } from '../../database.ts'
import { hasGuardedFigures, type Petition } from '../../petition/petition.ts'
import { type Fresh, keepFresh } from '../../platform/cache.ts'
import type { PublicReads } from '../../platform/database/read-replica.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptComment } from '../../sealing/signer-details.ts'

const NAMES = 20
const COMMENTS = 6
const MAX_AGE_MS = 2000

interface PublicSigner {
  name: string
  country: string
  confirmedAt: Date
}

interface PublicComment {
  text: string
  /** Null when the signer stays hidden. */
  name: string | null
  country: string
  confirmedAt: Date
}

export interface PublicSigners {
  signers: PublicSigner[]
  comments: PublicComment[]
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
        publicReads.read(async (db) => ({
          signers: await recentNames(db, id, { limit: NAMES, inLog }),
          comments: (await recentComments(db, id, { limit: COMMENTS, inLog })).map((comment) => ({
            ...comment,
            text: decryptComment(keyring, comment.text),
          })),
        }))
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
}

const isInLog = (table: 'public_name' | 'comment') =>
  sql<boolean>`exists (
    select from log_place where log_place.signature_id = ${sql.table(table)}.signature_id)`

async function recentNames(
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

async function recentComments(db: Db, petitionId: number, { limit, inLog }: Wanted) {
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

/** A comment's name is the one that the page shows, or none. */
export const shownNameOf = (join: JoinBuilder<Database, 'comment' | 'public_name'>) =>
  join
    .onRef('public_name.signature_id', '=', 'comment.signature_id')
    .on('public_name.state', '=', 'approved')
