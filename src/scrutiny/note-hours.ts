import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database.ts'
import { ago, type Clock, HOUR, MINUTE } from '../platform/clock.ts'
import { PAST_MS } from './find-anomalies.ts'

/** After its end an hour gets this long, in which its last signers confirm. */
const SETTLES_MS = 4 * MINUTE
/** Of hours that nobody noted, as after an outage, the newest. */
const MOST_HOURS = 48
const KEPT_MS = PAST_MS + 48 * HOUR

/**
 * The delay between form and confirmation in doubling minutes, `none` while nobody has confirmed. An hour is noted
 * minutes after its end: its last forms have had less time than its first, in each hour alike.
 */
export const DELAY: RawBuilder<string> = sql`
  case when s.confirmed_at is null then 'none'
       when s.confirmed_at - t.received_at < interval '1 minute' then '<1'
       when s.confirmed_at - t.received_at < interval '2 minutes' then '<2'
       when s.confirmed_at - t.received_at < interval '4 minutes' then '<4'
       when s.confirmed_at - t.received_at < interval '8 minutes' then '<8'
       when s.confirmed_at - t.received_at < interval '16 minutes' then '<16'
       when s.confirmed_at - t.received_at < interval '32 minutes' then '<32'
       else 'more' end`

/** `shared` where three forms of the day or more have it in common. */
export const classOf = (kind: 'network' | 'domain'): RawBuilder<string> => sql`
  case when exists (select from shared_trait x where x.id = t.id and x.kind = ${sql.lit(kind)})
       then 'shared' else 'alone' end`

/**
 * Sums up the traits of each hour that has ended, by petition.
 *
 * @returns the end of the last hour that is noted
 */
export async function noteHours(db: Db, clock: Clock): Promise<Date> {
  const end = startOfHour(ago(clock, SETTLES_MS))
  const last = await db
    .selectFrom('trait_hour')
    .select((eb) => eb.fn.max('hour').as('hour'))
    .executeTakeFirst()
  const earliest = end.getTime() - MOST_HOURS * HOUR
  const since = last?.hour ? Math.max(earliest, last.hour.getTime() + HOUR) : earliest
  await sql`
    insert into trait_hour (petition_id, hour, trait, value, forms)
      select t.petition_id, date_trunc('hour', t.received_at, 'UTC'), d.trait, d.value, count(*)
        from trait t
        left join signature s on s.id = t.id
       cross join lateral (values
         ('forms', 'all'), ('country', t.country), ('language', t.language),
         ('domain', coalesce(t.provider, ${classOf('domain')})), ('network', ${classOf('network')}),
         ('again', t.again::text), ('name', t.name), ('client', t.client), ('delay', ${DELAY})
       ) as d (trait, value)
       where t.received_at >= ${new Date(since)} and t.received_at < ${end}
         and exists (select from petition p where p.id = t.petition_id)
       group by 1, 2, 3, 4
    on conflict do nothing`.execute(db)
  await db.deleteFrom('trait_hour').where('hour', '<', ago(clock, KEPT_MS)).execute()
  return end
}

export const startOfHour = (time: Date): Date => new Date(Math.floor(time.getTime() / HOUR) * HOUR)
