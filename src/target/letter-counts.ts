import { sql } from 'kysely'
import type { Database, Db } from '../database.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { FORM_WITHIN_MS } from '../platform/in-time.ts'
import { createMicroBatch } from '../platform/micro-batch.ts'

/** The number moves in steps, so that nobody can tell from it that a neighbour has just written. */
const STEP = 5
/** Letters a statement. */
const LIMIT = 500

/** How many say that they have written to one whom a petition asks. */
export function createLetterCounts({
  db,
  publicReads,
}: {
  db: Db
  publicReads: PublicReads<Database>
}) {
  const written = createMicroBatch<number, null>({
    limit: LIMIT,
    lanes: 1,
    within: FORM_WITHIN_MS,
    isCommon: () => true,
    write: (petitionIds) => addLetters(db, petitionIds),
  })
  return {
    /** Somebody says so. @throws when the database is away */
    add: (petition: { id: number }) => written.add(petition.id),
    /** In steps of five; 0 below. */
    async shown(petition: { id: number }): Promise<number> {
      const row = await publicReads.read((reads) =>
        reads
          .selectFrom('letter_count')
          .select('letters')
          .where('petition_id', '=', petition.id)
          .executeTakeFirst(),
      )
      return Math.floor((row?.letters ?? 0) / STEP) * STEP
    },
  }
}

async function addLetters(db: Db, petitionIds: number[]): Promise<null[]> {
  await sql`
    insert into letter_count (petition_id, letters)
    select id, count(*) from unnest(${petitionIds}::int[]) as letter (id) group by id order by id
    on conflict (petition_id) do update set letters = letter_count.letters + excluded.letters`.execute(
    db,
  )
  return petitionIds.map(() => null)
}
