import type { Database } from '../../database.ts'
import { hasGuardedFigures, type Petition } from '../../petition/petition.ts'
import { type Fresh, keepFresh } from '../../platform/cache.ts'
import type { PublicReads } from '../../platform/database/read-replica.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import { recentComments, recentNames } from './public-signer.queries.ts'

const NAMES = 20
const COMMENTS = 6
const MAX_AGE_MS = 2000

export interface PublicSigner {
  name: string
  country: string
  confirmedAt: Date
}

export interface PublicComment {
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

export type PublicSignersCache = (petition: Petition) => Promise<PublicSigners>

/**
 * The newest names and approved comments of those who chose to show them; newest first. Of a guarded
 * petition they come with the log's batches, as its figures do.
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
