import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Signatures that were collected elsewhere, sealed to the organisers: beside the count, never in it. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table import_batch (
      id integer generated always as identity primary key,
      petition_id integer not null references petition on delete cascade,
      -- Where they were collected: change.org, actionnetwork, openpetition or csv.
      origin text not null,
      -- Keyed hash of the file: the same file is imported once.
      file bytea not null,
      -- Taken in from it, those included who have left since.
      signatures integer not null default 0,
      begun_at timestamptz not null,
      -- Null while it is unfinished: the same file goes on with it.
      ended_at timestamptz,
      -- Of invitations, as the last order said: the same in all batches that were there at the order.
      per_minute integer,
      unique (petition_id, file)
    )`.execute(db)
  await sql`
    create table imported (
      id uuid primary key,
      batch_id integer not null references import_batch on delete cascade,
      petition_id integer not null references petition on delete cascade,
      -- Keyed hash of the mailbox, as of a signature.
      tag bytea not null,
      -- Keyed hash of the tag, which links hold.
      mark bytea not null,
      commitment bytea not null,
      -- An age file, which the server can't open.
      sealed bytea not null,
      -- A mail was begun: there is no second one.
      invited boolean not null default false,
      unique (petition_id, tag)
    )`.execute(db)
  await sql`create index imported_batch on imported (batch_id, id)`.execute(db)
  await sql`create index imported_mark on imported (mark)`.execute(db)
  // What is encrypted can't be compressed.
  await sql`alter table imported alter column sealed set storage external`.execute(db)
  await sql`
    create table invitation (
      imported_id uuid primary key references imported on delete cascade,
      petition_id integer not null references petition on delete cascade,
      language text not null,
      -- Encrypted under the server's key; gone once the mail is sent.
      address bytea not null,
      due_at timestamptz,
      doubted_at timestamptz,
      tries smallint not null default 0,
      under_way boolean not null default false,
      -- The address goes then, sent or not.
      forget_at timestamptz not null
    )`.execute(db)
  await sql`create index invitation_petition on invitation (petition_id, imported_id)`.execute(db)
  await sql`create index invitation_forget on invitation (forget_at)`.execute(db)
  await sql`
    -- Outlasts the batch: nobody is invited twice, and whoever wants to be imported no more is not.
    create table import_mark (
      -- Keyed hash of a mailbox's tag, which the database alone can't join to a signature.
      mark bytea primary key,
      -- Null where a link was used of which nothing else was left.
      petition_id integer references petition on delete cascade,
      -- Of a mailbox whose holder wants to be imported no more; else it was invited.
      refused boolean not null
    )`.execute(db)
  await sql`create index import_mark_petition on import_mark (petition_id)`.execute(db)
  await sql`
    create table import_total (
      petition_id integer primary key references petition on delete cascade,
      -- The number that pages show and the log told last.
      told integer not null,
      told_at timestamptz not null
    )`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table import_total, import_mark, invitation, imported, import_batch`.execute(db)
}
