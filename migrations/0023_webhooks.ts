import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Organisers' systems that are told what happens, and what each of them is still to be told. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table webhook (
      id integer generated always as identity primary key,
      -- Null: of all petitions.
      petition_id integer references petition on delete cascade,
      -- Encrypted, as the secrets are: an address often is a secret, too.
      url bytea not null,
      events text[] not null,
      secret bytea not null,
      former_secret bytea,
      former_until timestamptz,
      created_at timestamptz not null,
      paused_at timestamptz,
      paused_why text
    )`.execute(db)
  await sql`
    create table webhook_event (
      id bigint generated always as identity primary key,
      message_id text not null unique,
      petition_id integer not null references petition on delete cascade,
      type text not null,
      at timestamptz not null,
      -- JSON, byte for byte as it is sent.
      body text not null
    )`.execute(db)
  await sql`create index webhook_event_at on webhook_event (at)`.execute(db)
  await sql`
    create table webhook_delivery (
      id bigint generated always as identity primary key,
      webhook_id integer not null references webhook on delete cascade,
      event_id bigint not null references webhook_event on delete cascade,
      state text not null default 'waiting',
      tries smallint not null default 0,
      due_at timestamptz not null,
      ended_at timestamptz,
      -- Of the last failure.
      why text
    )`.execute(db)
  await sql`create index webhook_delivery_webhook on webhook_delivery (webhook_id, state)`.execute(
    db,
  )
  await sql`create index webhook_delivery_event on webhook_delivery (event_id)`.execute(db)
  await sql`
    create table webhook_told (
      petition_id integer primary key references petition on delete cascade,
      stage text not null,
      hidden boolean not null,
      counted integer not null,
      counted_at timestamptz not null,
      milestone integer not null,
      update_id integer not null,
      entry_id integer not null
    )`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table webhook_told, webhook_delivery, webhook_event, webhook`.execute(db)
}
