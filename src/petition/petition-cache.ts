import type { Db } from '../database.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { keepFresh } from '../platform/single-flight.ts'
import { loadPetitions, type Petition } from './petition.ts'

/** A text published by another node shows here after at most this long. */
const MAX_AGE_MS = 2000

/** Petitions with their texts, in memory; still there while the database is away. */
export interface PetitionCache {
  all(): Promise<Petition[]>
  find(slug: string): Promise<Petition | null>
  findById(id: number): Promise<Petition | null>
  /** Forget what is held: for the node that has just published. */
  drop(): void
}

export function createPetitionCache(
  db: Db,
  { production }: { production: boolean },
  maxAge = MAX_AGE_MS,
): PetitionCache {
  const held = keepFresh({
    maxAge,
    load: () => loadPetitions(db, { production }),
    mayBeStale: isDatabaseAway,
  })
  return {
    all: held.get,
    find: async (slug) => (await held.get()).find((petition) => petition.slug === slug) ?? null,
    findById: async (id) => (await held.get()).find((petition) => petition.id === id) ?? null,
    drop: held.drop,
  }
}
