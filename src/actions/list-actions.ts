import type { Db } from '../database.ts'
import type { Facts } from './note-action.ts'

const PAGE = 1000

export interface Action {
  id: number
  at: Date
  face: string
  person: string
  what: string
  petition: string | null
  before: Facts | null
  after: Facts | null
}

/**
 * Every action, or those on one petition, the newest first, a page at a time.
 *
 * @param choice `limit`: the newest so many; all without it
 */
export async function* listActions(
  db: Db,
  { slug, limit = Number.POSITIVE_INFINITY }: { slug?: string; limit?: number },
): AsyncGenerator<Action[]> {
  let left = limit
  for (let before: number | null = null; left > 0; ) {
    const size = Math.min(PAGE, left)
    const page = await readPage(db, { slug, before, size })
    if (page.length > 0) yield page
    if (page.length < size) return
    left -= size
    before = page.at(-1)!.id
  }
}

async function readPage(
  db: Db,
  { slug, before, size }: { slug: string | undefined; before: number | null; size: number },
): Promise<Action[]> {
  return db
    .selectFrom('action')
    .selectAll()
    .$if(slug !== undefined, (query) => query.where('petition', '=', slug!))
    .$if(before !== null, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(size)
    .execute()
}
