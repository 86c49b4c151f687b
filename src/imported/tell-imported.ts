import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { enqueueImported } from '../log/enqueue-entry.ts'
import type { Clock } from '../platform/clock.ts'

/**
 * So many must have left before the public number follows by itself: of one who confirms, the count rises and nothing
 * else moves, so that neither figures nor log tell that it was somebody who had been imported.
 */
export const LEAST_LEAVERS = 5

/** Of a file that is still being taken in, or was stopped, nothing is told: the number is one of whole files. */
export const WHOLE = sql`
  imported i join import_batch b on b.id = i.batch_id and b.ended_at is not null`

/**
 * Brings the public number of imported signatures up to date: pages show what is told here, and the log has the same.
 *
 * @param force for a batch that goes, however few were left of it
 * @returns whether it changed
 */
export async function tellImported(
  trx: Db,
  { clock }: { clock: Clock },
  petition: { id: number; slug: string },
  { force }: { force: boolean },
): Promise<boolean> {
  await sql`select from petition where id = ${petition.id} for no key update`.execute(trx)
  const { rows: before } = await sql<{ held: number; told: number }>`
    select count(*)::int as held,
           coalesce((select told from import_total where petition_id = ${petition.id}), 0) as told
      from ${WHOLE} where i.petition_id = ${petition.id}`.execute(trx)
  if (!isDue(before[0]!, force)) return false
  // Of a million rows this takes seconds. Some may have left since they were counted.
  const { rows } = await sql<{ held: number; hash: Buffer }>`
    select count(*)::int as held,
           sha256(coalesce(string_agg(i.commitment, null order by i.commitment), '')) as hash
      from ${WHOLE} where i.petition_id = ${petition.id}`.execute(trx)
  const { held, hash } = rows[0]!
  if (!isDue({ held, told: before[0]!.told }, force)) return false
  await setTold(trx, petition.id, { told: held, now: clock.now() })
  await enqueueImported(trx, petition, { number: held, hash })
  return true
}

/** A larger number hides how many have left meanwhile. */
function isDue({ held, told }: { held: number; told: number }, force: boolean): boolean {
  const tellsOfFew = held < told && told - held < LEAST_LEAVERS
  return held !== told && (force || !tellsOfFew)
}

export async function setTold(
  trx: Db,
  petitionId: number,
  { told, now }: { told: number; now: Date },
): Promise<void> {
  await sql`
    insert into import_total (petition_id, told, told_at) values (${petitionId}, ${told}, ${now})
    on conflict (petition_id) do update set told = excluded.told, told_at = excluded.told_at`.execute(
    trx,
  )
}

/** By petition. */
export async function readTold(db: Db): Promise<Map<number, number>> {
  const rows = await db.selectFrom('import_total').select(['petition_id', 'told']).execute()
  return new Map(rows.map(({ petition_id: id, told }) => [id, told]))
}

/**
 * Once an hour: whoever has confirmed here is no imported signature any more. Not in the transaction that confirms,
 * where the two would be seen to belong together. Some thousand at once, and without rows that somebody else holds, who
 * would else wait for it, perhaps in a circle: the next hour takes them.
 *
 * @returns how many
 */
export async function sweepConfirmed(trx: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from imported where id in (
      select i.id from imported i join signature s
          on s.petition_id = i.petition_id and s.tag = i.tag and s.state = 'confirmed'
       order by i.id limit 5000 for update of i skip locked)`.execute(trx)
  return Number(numAffectedRows)
}
