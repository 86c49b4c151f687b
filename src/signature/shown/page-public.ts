import type { Database } from '../../database.ts'
import { hasGuardedFigures, type Petition } from '../../petition/petition.ts'
import type { PublicReads } from '../../platform/database/read-replica.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { decryptComment } from '../../sealing/signer-details.ts'
import {
  type PublicComment,
  type PublicSigner,
  recentComments,
  recentNames,
} from './list-public-signers.ts'
import { type PlaceMark, readPlaceMark, writePlaceMark } from './place-mark.ts'

/** Enough to search with the browser, and to open on a phone: some 30 kB compressed. */
const NAMES_A_PAGE = 500
const COMMENTS_A_PAGE = 100

interface PageOf<Shown> {
  shown: Shown[]
  /** The mark of the next page, with older ones; null on the last. */
  older: string | null
}

export type PublicPages = ReturnType<typeof createPublicPages>

/**
 * All that a petition shows of its signers, newest first, by the same rules as on its own page. Each page is found by
 * its mark in the index, however many come before it.
 */
export function createPublicPages(publicReads: PublicReads<Database>, keyring: Keyring) {
  const { placeMarks: key } = keyring
  function cut<Row extends { id: string; confirmedAt: Date }>(
    rows: Row[],
    limit: number,
  ): PageOf<Row> {
    const shown = rows.slice(0, limit)
    return { shown, older: rows.length > limit ? writePlaceMark(key, shown.at(-1)!) : null }
  }
  const wanted = (petition: Petition, limit: number, after: PlaceMark | null) => ({
    limit: limit + 1,
    inLog: hasGuardedFigures(petition),
    after,
  })
  return {
    isMark: (mark: string): boolean => readPlaceMark(key, mark) !== null,
    /** @param after a mark that `isMark` knows; null for the newest */
    async names(petition: Petition, after: string | null): Promise<PageOf<PublicSigner>> {
      const place = after === null ? null : readPlaceMark(key, after)
      return publicReads.read(async (db) =>
        cut(
          await recentNames(db, petition.id, wanted(petition, NAMES_A_PAGE, place)),
          NAMES_A_PAGE,
        ),
      )
    },
    async comments(petition: Petition, after: string | null): Promise<PageOf<PublicComment>> {
      const place = after === null ? null : readPlaceMark(key, after)
      return publicReads.read(async (db) => {
        const rows = await recentComments(db, petition.id, wanted(petition, COMMENTS_A_PAGE, place))
        const page = cut(rows, COMMENTS_A_PAGE)
        return {
          ...page,
          shown: page.shown.map((row) => ({ ...row, text: decryptComment(keyring, row.text) })),
        }
      })
    },
  }
}
