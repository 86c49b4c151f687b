import { sql } from 'kysely'
import type { Db } from '../../database.ts'

/** @param changes by petition */
export async function addToCounts(trx: Db, changes: Map<number, number>): Promise<void> {
  await sql`
    insert into log_count as c (petition_id, sequenced)
    select * from unnest(${[...changes.keys()]}::integer[], ${[...changes.values()]}::bigint[])
    on conflict (petition_id) do update set sequenced = c.sequenced + excluded.sequenced`.execute(
    trx,
  )
}

export async function readPublishedCounts(
  db: Db,
): Promise<Map<number, { published: number; thinAt: Date | null }>> {
  const rows = await db
    .selectFrom('log_count')
    .select(['petition_id', 'published', 'thin_at'])
    .execute()
  return new Map(
    rows.map((row) => [row.petition_id, { published: Number(row.published), thinAt: row.thin_at }]),
  )
}
