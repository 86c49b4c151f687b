import { type RawBuilder, sql } from 'kysely'
import type { Db, TallyEvent } from '../database.ts'

export const DIRECT_SOURCE = 'direct'

/** What a signature is counted by. */
export interface Countable {
  petition_id: number
  confirmed_at: Date | null
  country: string | null
  language: string | null
  source: string | null
  ref: string | null
}

/** The same for the public log; null once the row is erased. */
export function countedBy({ confirmed_at, country, language, ref }: Countable) {
  if (confirmed_at === null || country === null || language === null) return null
  return { confirmedAt: confirmed_at, country, language, ref }
}

/**
 * Notes, in the transaction that made it so, that signatures were confirmed, withdrawn or voided. A
 * withdrawal must be noted before the row is erased, since it is taken off where it was added.
 */
export async function enqueueCount(
  trx: Db,
  signatures: Countable[],
  event: TallyEvent,
): Promise<void> {
  await sql`
    with counted (petition_id, confirmed_at, country, language, source, ref) as (
      select * from unnest(
        ${signatures.map((each) => each.petition_id)}::integer[],
        ${signatures.map((each) => each.confirmed_at)}::timestamptz[],
        ${signatures.map((each) => each.country)}::text[],
        ${signatures.map((each) => each.language)}::text[],
        ${signatures.map((each) => each.source)}::text[],
        ${signatures.map((each) => each.ref)}::text[]))
    ${insertIntoTallyQueue('counted', event)}`.execute(trx)
}

/**
 * The same as a part of the statement that made it so.
 *
 * @param from name of a with-query that gives the columns of Countable
 */
export function insertIntoTallyQueue(from: string, event: TallyEvent): RawBuilder<unknown> {
  return sql`
    insert into tally_queue (event, petition_id, confirmed_at, country, language, source, ref)
    select ${event}::tally_event, petition_id, confirmed_at, country, language,
           coalesce(source, ${DIRECT_SOURCE}), ref
      from ${sql.table(from)}`
}
