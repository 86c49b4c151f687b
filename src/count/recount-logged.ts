import { sql } from 'kysely'
import type { Db } from '../database.ts'

/**
 * After a rebuild of the log: counts what stands in it. What is published stays what it was: drawing its
 * boundaries anew would let observers measure the same signatures once more.
 */
export async function recountLogged(trx: Db): Promise<void> {
  await sql`update log_tally set signatures = 0`.execute(trx)
  await sql`
    insert into log_tally (petition_id, dimension, key, signatures)
    with standing as (
      select s.petition_id, s.country, s.language, s.ref,
             to_char(s.confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') as hour
        from signature s join log_place l on l.signature_id = s.id
       where s.state = 'confirmed'
    ),
    entries as (
      select p.id as petition_id,
             case when commitment is not null then 'confirmed' when why = 'withdraw' then 'withdrawn'
               else 'voided' end as key
        from public_entry e join petition p on p.slug = e.slug
    )
    select petition_id, 'hour', hour, count(*) from standing group by 1, 3
    union all select petition_id, 'country', country, count(*) from standing group by 1, 3
    union all select petition_id, 'language', language, count(*) from standing group by 1, 3
    union all select petition_id, 'ref', ref, count(*) from standing where ref is not null group by 1, 3
    union all select petition_id, 'total', key, count(*) from entries group by 1, 3
    on conflict (petition_id, dimension, key) do update set signatures = excluded.signatures`.execute(
    trx,
  )
}
