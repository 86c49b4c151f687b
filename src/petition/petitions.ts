import type { Db } from '../database.ts'
import { keepFresh } from '../platform/cache.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { listProvedRecipients } from '../sealing/recipients.ts'
import { listDeleted } from './deleted-petitions.ts'
import { type Petition, recipientsOf, toPetition } from './petition.ts'
import { listPetitions, listTexts, type PetitionRow } from './petition-rows.ts'

/** A text that another process published is shown here after at most this long. */
const MAX_AGE_MS = 2000

export type Petitions = ReturnType<typeof createPetitions>

/** Petitions with their texts, in memory: they stay readable while the database is away. */
export function createPetitions(
  { db, production }: { db: Db; production: boolean },
  maxAge = MAX_AGE_MS,
) {
  const held = keepFresh({
    maxAge,
    load: async () => ({
      all: await loadPetitions(db, { production }),
      deleted: await listDeleted(db),
    }),
    mayBeStale: isDatabaseAway,
  })
  const all = async () => (await held.get()).all
  return {
    /** Drafts and hidden ones, too. */
    all,
    /** Those that everybody may know of; hidden ones too, whose count stays public. */
    published: async (): Promise<Petition[]> =>
      (await all()).filter(({ publishedAt }) => publishedAt !== null),
    /** Those that lists show. */
    listed: async (): Promise<Petition[]> =>
      (await all()).filter(({ publishedAt, hiddenAt }) => publishedAt !== null && !hiddenAt),
    find: async (slug: string): Promise<Petition | null> =>
      (await all()).find((petition) => petition.slug === slug) ?? null,
    findById: async (id: number): Promise<Petition | null> =>
      (await all()).find((petition) => petition.id === id) ?? null,
    /** Published once, and deleted. @param given a slug, or a partner's code */
    isDeleted: async (given: { slug: string } | { code: string }): Promise<boolean> => {
      const { slugs, codes } = (await held.get()).deleted
      return 'slug' in given ? slugs.has(given.slug) : codes.has(given.code)
    },
    /** Forgets all petitions: for the process that has just changed one. */
    drop: held.drop,
  }
}

/** @param production asks that every recipient has proved that it can decrypt */
export async function loadPetitions(
  db: Db,
  { production }: { production: boolean },
): Promise<Petition[]> {
  const rows = await listPetitions(db)
  const proved = production ? await listProvedRecipients(db) : null
  return Promise.all(
    rows.map(async (row) => toPetition(row, await listTexts(db, row.id), isReady(row, proved))),
  )
}

/** Fails closed: without recipients confirmed signatures would stay readable on the server. */
function isReady(row: PetitionRow, proved: string[] | null): boolean {
  const recipients = recipientsOf(row)
  if (recipients.length === 0) return false
  return proved === null || recipients.every((recipient) => proved.includes(recipient))
}
