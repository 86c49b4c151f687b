import type { Db } from '../database.ts'
import { keepFresh } from '../platform/cache.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { readPublishedCounts } from './store/log-counts.ts'
import { findState } from './store/log-state.ts'

const MAX_AGE_MS = 500

/** The public log as everybody sees it. */
export interface PublicLog {
  origin: string
  vkey: string
  /** Entries at the published checkpoint. */
  size: number
  /** The published checkpoint, with the cosignatures that it has. */
  checkpoint: Uint8Array
  publishedAt: Date
  /** A petition's count, by its id, as the published entries add up to it. */
  certified(petitionId: number): number
  /** When a batch of a guarded petition last went out smaller than it should be; null when none did. */
  thinAt(petitionId: number): Date | null
}

/**
 * Null before the first checkpoint; the last known one while the database is away. Never from a replica:
 * receipts, pages and tiles are all held to it.
 */
export interface PublicLogCache {
  (): Promise<PublicLog | null>
  /** As it is now, not as it was a moment ago. */
  renew(): Promise<PublicLog | null>
}

export function createPublicLogCache(db: Db, maxAge = MAX_AGE_MS): PublicLogCache {
  const held = keepFresh({ maxAge, load: () => load(db), mayBeStale: isDatabaseAway })
  return Object.assign(() => held.get(), { renew: held.renew })
}

async function load(db: Db): Promise<PublicLog | null> {
  const [state, counts] = await Promise.all([findState(db), readPublishedCounts(db)])
  if (!state || state.published === null) return null
  return {
    origin: state.origin,
    vkey: state.vkey,
    size: state.published,
    checkpoint: state.publishedNote!,
    publishedAt: state.publishedAt!,
    certified: (petitionId) => counts.get(petitionId)?.published ?? 0,
    thinAt: (petitionId) => counts.get(petitionId)?.thinAt ?? null,
  }
}
