import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** What organisers tell after publishing, and the mails to subscribers about it. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table petition_update (
      id integer generated always as identity primary key,
      petition_id integer not null references petition on delete cascade,
      -- In its address.
      name text not null,
      published_at timestamptz not null,
      updated_at timestamptz not null,
      unique (petition_id, name)
    )`.execute(db)
  await sql`
    create table update_text (
      update_id integer not null references petition_update on delete cascade,
      language text not null,
      -- { title, body }
      content jsonb not null,
      primary key (update_id, language)
    )`.execute(db)
  await sql`
    create table broadcast (
      id integer generated always as identity primary key,
      petition_id integer not null references petition on delete cascade,
      -- One of the two. Each is mailed once.
      update_id integer unique references petition_update on delete cascade,
      milestone integer,
      state text not null,
      per_minute integer not null,
      begun_at timestamptz not null,
      ended_at timestamptz,
      -- Subscribers when it began.
      total integer not null,
      sent integer not null default 0,
      refused integer not null default 0,
      given_up integer not null default 0,
      -- Sent a second time, since a worker died before it had noted the first.
      repeated integer not null default 0,
      unique (petition_id, milestone)
    )`.execute(db)
  await sql`
    create table broadcast_mail (
      broadcast_id integer not null references broadcast on delete cascade,
      -- Goes with its subscriber: nobody who has left is mailed.
      subscriber_id uuid not null references subscriber on delete cascade,
      -- Put off until then.
      due_at timestamptz,
      doubted_at timestamptz,
      tries smallint not null default 0,
      -- Its outcome is not known yet.
      under_way boolean not null default false,
      primary key (broadcast_id, subscriber_id)
    )`.execute(db)
  await sql`create index broadcast_mail_subscriber on broadcast_mail (subscriber_id)`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table broadcast_mail, broadcast, update_text, petition_update`.execute(db)
}
