import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../database.ts'

const SALT_BYTES = 32
/** The salt of a day, as 2024-03-01, the same on all nodes; those of the days before are destroyed with the first look at it. */
export async function readDaySalt(db: Db, day: string): Promise<Buffer> {
  const found = await db
    .selectFrom('flow_day')
    .select('salt')
    .where('day', '=', day)
    .executeTakeFirst()
  if (found) return found.salt
  const { rows } = await sql<{ salt: Buffer }>`
    with gone as (delete from flow_day where day < ${day})
    insert into flow_day as d (day, salt)
      values (${day}, ${randomBytes(SALT_BYTES)})
    on conflict (day) do update set salt = d.salt
    returning salt`.execute(db)
  return rows[0]!.salt
}

/** Adds forms to their buckets. @param told `drain` in forms a second @returns levels by hash in hex */
export async function settleFlows(
  db: Db,
  told: { hash: Buffer; unsettled: number; drain: number }[],
): Promise<Map<string, number>> {
  if (told.length === 0) return new Map()
  const { rows } = await sql<{ key: string; level: number }>`
    insert into flow as f (key, level, drain, at)
      select key, level, drain, now() from unnest(
        ${told.map(({ hash }) => hash)}::bytea[],
        ${told.map(({ unsettled }) => unsettled)}::double precision[],
        ${told.map(({ drain }) => drain)}::double precision[]) as given (key, level, drain)
       order by key
    on conflict (key) do update set
      level = greatest(0, f.level - f.drain * abs(extract(epoch from excluded.at - f.at))) + excluded.level,
      drain = excluded.drain, at = excluded.at
    returning encode(key, 'hex') as key, level`.execute(db)
  return new Map(rows.map(({ key, level }) => [key, level]))
}

/** Forgets buckets that have run off, and proofs that could not be spent again anyway. */
export async function forgetFlows(db: Db, now: Date): Promise<void> {
  await sql`delete from flow where level <= drain * abs(extract(epoch from now() - at))`.execute(db)
  await sql`delete from spent_proof where expires_at < ${now}`.execute(db)
}
