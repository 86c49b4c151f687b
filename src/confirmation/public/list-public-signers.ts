import type { Database } from '../../database.ts'
import type { PublicReads } from '../../platform/database/read-replica.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type Fresh, keepFresh } from '../../platform/single-flight.ts'
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

export type PublicSignersShelf = (petitionId: number) => Promise<PublicSigners>

/** The newest names and approved comments of those who chose to show them; newest first. */
export function createPublicSignersShelf(
  publicReads: PublicReads<Database>,
  keyring: Keyring,
  maxAge = MAX_AGE_MS,
): PublicSignersShelf {
  const held = new Map<number, Fresh<PublicSigners>>()
  return (petitionId) => {
    let shelf = held.get(petitionId)
    if (!shelf) {
      const load = () =>
        publicReads.read(async (db) => ({
          signers: await recentNames(db, petitionId, NAMES),
          comments: (await recentComments(db, petitionId, COMMENTS)).map((comment) => ({
            ...comment,
            text: decryptComment(keyring, comment.text),
          })),
        }))
      shelf = keepFresh({ maxAge, load, mayBeStale: isDatabaseAway })
      held.set(petitionId, shelf)
    }
    return shelf.get()
  }
}
