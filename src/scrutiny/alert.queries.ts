import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Anomaly, AnomalyFigures, HourOfTrait } from './find-anomalies.ts'

export interface Alert {
  id: number
  petitionId: number
  trait: string
  value: string
  openedAt: Date
  seenAt: Date
  closedAt: Date | null
  figures: AnomalyFigures
}

/** @returns ids of the petitions to which forms came within the time */
export async function listNoted(
  db: Db,
  { since, until }: { since: Date; until: Date },
): Promise<number[]> {
  const rows = await db
    .selectFrom('trait_hour')
    .select('petition_id')
    .distinct()
    .where('hour', '>=', since)
    .where('hour', '<', until)
    .orderBy('petition_id')
    .execute()
  return rows.map(({ petition_id }) => petition_id)
}

/** Of one petition: some 50,000 rows of a fortnight. */
export async function readHours(
  db: Db,
  { petitionId, since, until }: { petitionId: number; since: Date; until: Date },
): Promise<HourOfTrait[]> {
  const rows = await db
    .selectFrom('trait_hour')
    .select(['hour', 'trait', 'value', 'forms'])
    .where('petition_id', '=', petitionId)
    .where('hour', '>=', since)
    .where('hour', '<', until)
    .execute()
  return rows.map(({ hour, ...row }) => ({ ...row, hour: hour.getTime() }))
}

/** The largest groups of forms that came within a time and have a network or a domain in common. */
export async function readGroups(
  db: Db,
  choice: { petitionId: number; kind: 'network' | 'domain'; since: Date; until: Date },
  { least, limit }: { least: number; limit: number },
): Promise<{ value: string; forms: number }[]> {
  const { petitionId, kind, since, until } = choice
  const { rows } = await sql<{ value: string; forms: number }>`
    select encode(x.value, 'hex') as value, count(*)::float8 as forms
      from trait t join shared_trait x on x.id = t.id and x.kind = ${kind}
     where t.petition_id = ${petitionId} and t.received_at >= ${since} and t.received_at < ${until}
     group by x.value having count(*) >= ${least}
     order by 2 desc, 1 limit ${limit}`.execute(db)
  return rows
}

/** Opens an alert, or brings the open one up to date. @returns whether it is new */
export async function noteAlert(
  db: Db,
  petitionId: number,
  { trait, value, figures }: Anomaly,
  now: Date,
): Promise<{ id: number; isNew: boolean }> {
  const { rows } = await sql<{ id: number; is_new: boolean }>`
    insert into alert as a (petition_id, trait, value, opened_at, seen_at, figures)
      values (${petitionId}, ${trait}, ${value}, ${now}, ${now}, ${JSON.stringify(figures)}::jsonb)
    on conflict (petition_id, trait, value) where closed_at is null
      do update set seen_at = excluded.seen_at, figures = excluded.figures
    returning id, opened_at = seen_at as is_new`.execute(db)
  return { id: rows[0]!.id, isNew: rows[0]!.is_new }
}

/** @returns how many were closed */
export async function closeAlerts(
  db: Db,
  { now, ...choice }: { now: Date } & ({ id: number } | { seenBefore: Date }),
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('alert')
    .set({ closed_at: now })
    .where('closed_at', 'is', null)
    .$if('id' in choice, (query) => query.where('id', '=', (choice as { id: number }).id))
    .$if('seenBefore' in choice, (query) =>
      query.where('seen_at', '<', (choice as { seenBefore: Date }).seenBefore),
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** The newest first. */
export async function listAlerts(
  db: Db,
  choice: { petitionId?: number; open?: boolean; ids?: number[] } = {},
): Promise<Alert[]> {
  const { petitionId, open, ids } = choice
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .$if(petitionId !== undefined, (query) => query.where('petition_id', '=', petitionId!))
    .$if(open === true, (query) => query.where('closed_at', 'is', null))
    .$if(ids !== undefined, (query) => query.where('id', '=', sql<number>`any (${ids}::integer[])`))
    .orderBy('id', 'desc')
    .limit(MOST_LISTED)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    petitionId: row.petition_id,
    trait: row.trait,
    value: row.value,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    closedAt: row.closed_at,
    figures: row.figures,
  }))
}

const MOST_LISTED = 500

export const findAlert = (db: Db, id: number) =>
  db
    .selectFrom('alert')
    .innerJoin('petition', 'petition.id', 'alert.petition_id')
    .select(['petition.slug', 'alert.trait', 'alert.value'])
    .where('alert.id', '=', id)
    .executeTakeFirstOrThrow()

export async function countOpenAlerts(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('alert')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('closed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}
