import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/**
 * Figures as the public log's batches bring them, beside the exact ones that the organisers see: what is
 * published of a guarded petition moves with a batch of the log, and at no other moment.
 */
export async function up(db: AnyDatabase): Promise<void> {
  // What an entry is counted by. Erasing the signature's row must not change what its batch counts.
  await sql`
    alter table log_queue
      add column confirmed_at timestamptz, add column country text, add column language text,
      add column ref text`.execute(db)
  await sql`
    update log_queue q set confirmed_at = s.confirmed_at, country = s.country, language = s.language,
                           ref = s.ref
      from signature s where s.id = q.signature_id`.execute(db)
  await sql`
    alter table log_count
      -- Since when entries wait for others to join a batch with; null when none do.
      add column waiting_since timestamptz,
      -- When a batch last went out with fewer signatures than it should hold.
      add column thin_at timestamptz`.execute(db)
  await sql`
    create table log_tally (
      petition_id integer not null references petition,
      -- total, hour, country, language or ref
      dimension text not null,
      key text not null,
      -- As the log's entries have it.
      signatures bigint not null,
      -- What is published of a country, a language or a share code; see src/tally/guard-cells.ts.
      shown bigint not null default 0,
      reference bigint not null default 0,
      changes integer not null default 0,
      primary key (petition_id, dimension, key)
    )`.execute(db)
  await sql`
    insert into log_tally (petition_id, dimension, key, signatures, shown)
    with standing as (
      select s.petition_id, s.country, s.language, s.ref,
             to_char(s.confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24"Z"') as hour
        from signature s join log_place l on l.signature_id = s.id
       where s.state = 'confirmed'
    ),
    gone as (
      select s.petition_id, s.state::text as state from signature s where s.state <> 'confirmed'
    ),
    -- What its batch will take off.
    leaving as (
      select petition_id,
             case when convert_from(entry, 'UTF8') like 'withdraw%' then 'withdrawn' else 'voided' end
               as state
        from log_queue where change = -1
    )
    select petition_id, 'hour', hour, count(*), 0 from standing group by 1, 3
    union all select petition_id, 'country', country, count(*), 0 from standing group by 1, 3
    union all select petition_id, 'language', language, count(*), 0 from standing group by 1, 3
    -- In steps of five, and never less than before.
    union all
    select petition_id, 'ref', ref, count(*), count(*) - count(*) % 5
      from standing where ref is not null group by 1, 3
    union all
    select petition_id, 'total', state, sum(step), 0
      from (select petition_id, state, 1 as step from gone
            union all select petition_id, state, -1 from leaving) as events group by 1, 3
    union all
    select petition_id, 'total', 'confirmed', count(*), 0
      from (select petition_id from standing union all select petition_id from gone) as ever group by 1`.execute(
    db,
  )
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table log_tally`.execute(db)
  await sql`alter table log_count drop column waiting_since, drop column thin_at`.execute(db)
  await sql`
    alter table log_queue drop column confirmed_at, drop column country, drop column language,
      drop column ref`.execute(db)
}
