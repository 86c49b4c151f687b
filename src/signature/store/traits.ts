import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database.ts'
import type { NewSubmission } from './submissions.ts'

/** Statements that write `trait` and `shared_trait`: what is noted of forms for thirty days. */

/** A part of the statement that writes the submissions: two with-queries. */
export function insertTraits(rows: NewSubmission[]): RawBuilder<unknown> {
  const described = rows.flatMap(({ traits, ...row }) => (traits ? [{ ...row, traits }] : []))
  const shared = rows.flatMap((row) => row.shared)
  const column = <T>(pick: (row: (typeof described)[number]) => T) => described.map(pick)
  return sql`
    noted as (
      insert into trait (id, petition_id, received_at, country, language, provider, again, name, client)
        select * from unnest(
          ${column(({ id }) => id)}::uuid[], ${column(({ petitionId }) => petitionId)}::integer[],
          ${column(({ now }) => now)}::timestamptz[], ${column(({ country }) => country)}::text[],
          ${column(({ language }) => language)}::text[],
          ${column(({ traits }) => traits.provider)}::text[],
          ${column(({ traits }) => traits.again)}::boolean[],
          ${column(({ traits }) => traits.name)}::text[],
          ${column(({ traits }) => traits.client)}::text[])),
    shared as (
      insert into shared_trait (id, kind, value)
        select id, kind, decode(value, 'hex') from unnest(
          ${shared.map(({ id }) => id)}::uuid[], ${shared.map(({ kind }) => kind)}::text[],
          ${shared.map(({ value }) => value)}::text[]) as given (id, kind, value)
         order by kind, value, id
      on conflict do nothing)`
}

/** Of forms that are erased before their time. */
export async function forgetTraits(db: Db, ids: string[]): Promise<void> {
  await sql`
    with gone as (delete from trait where id = any (${ids}::uuid[]))
    delete from shared_trait where id = any (${ids}::uuid[])`.execute(db)
}

/** @returns how many forms nothing is known of any more */
export async function forgetTraitsBefore(db: Db, before: Date): Promise<number> {
  const { rows } = await sql<{ forms: number }>`
    with gone as (delete from trait where received_at < ${before} returning id),
    also as (delete from shared_trait where id in (select id from gone))
    select count(*)::float8 as forms from gone`.execute(db)
  return rows[0]!.forms
}
