import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

export async function up(db: AnyDatabase): Promise<void> {
  // Apart from signature, which stays narrow: a sealed record is ten times as long as its row.
  await sql`
    create table sealed_record (
      petition_id integer not null references petition,
      signature_id bigint not null references signature,
      -- SHA-256 over a random blinding and what was signed; the public log holds it too.
      commitment bytea not null check (octet_length(commitment) = 32),
      -- An age file to the petition's recipients.
      sealed bytea not null,
      primary key (petition_id, signature_id)
    )`.execute(db)
  // What is encrypted doesn't compress.
  await sql`alter table sealed_record alter column sealed set storage external`.execute(db)

  // Confirmed and not yet sealed. Written in the confirming transaction, emptied in batches.
  await sql`create table sealing_queue (signature_id bigint primary key)`.execute(db)
  await sql`
    insert into sealing_queue
      select id from signature where state = 'confirmed' and details is not null`.execute(db)

  // Whose holder has shown that it can open what is sealed to it.
  await sql`
    create table proved_recipient (
      recipient text primary key,
      proved_at timestamptz not null
    )`.execute(db)

  // The address is readable with the server's key: the form says so. The tag is not signature.tag, so
  // that a copy of the database alone doesn't tell which signature is a subscriber's.
  await sql`
    create table subscriber (
      id bigint generated always as identity primary key,
      petition_id integer not null references petition,
      language text not null,
      consent_version smallint not null,
      tag bytea not null,
      address bytea not null,
      -- The mail that says how to leave was taken by the mail server, or refused for good.
      welcomed boolean not null default false,
      unique (petition_id, tag)
    )`.execute(db)

  // From now on under the server's key: one that waits, or was refused, is nobody's to read in a copy
  // of the database. No release wrote readable ones, and nothing here could encrypt them.
  await sql`delete from comment`.execute(db)
  await sql`alter table comment alter column text type bytea using null`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  // Nothing here could decrypt them.
  await sql`delete from comment`.execute(db)
  await sql`alter table comment alter column text type text using null`.execute(db)
  await sql`drop table subscriber, proved_recipient, sealing_queue, sealed_record`.execute(db)
}
