import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Those whom a petition asks, and what became of it: rows are added, and an old one is corrected by a new one. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table target (
      id integer generated always as identity primary key,
      -- A petition that is deleted, which nobody has signed, takes them along.
      petition_id integer not null references petition on delete cascade,
      -- The word that commands and addresses call it by.
      word text not null,
      -- In the order of the file.
      place integer not null,
      country text not null,
      -- Who it is, how to reach them, what they are asked: src/target/target.table.ts.
      facts jsonb not null,
      unique (petition_id, word)
    )`.execute(db)
  await sql`
    create table target_entry (
      id integer generated always as identity primary key,
      target_id integer not null references target on delete cascade,
      noted_at timestamptz not null,
      kind text not null check (kind in ('asked', 'answered', 'mistake')),
      -- The day, as 2024-03-01, on which it happened.
      happened_on text not null,
      stance text check (stance in ('agrees', 'refuses', 'partly', 'other')),
      -- What was answered, by language.
      texts jsonb,
      source text,
      -- The entry that this one takes the place of.
      corrects integer unique references target_entry,
      check ((kind = 'answered') = (stance is not null)),
      check (kind <> 'mistake' or corrects is not null)
    )`.execute(db)
  await sql`create index target_entry_target on target_entry (target_id, id)`.execute(db)
  await sql`
    create function refuse_to_change_entries() returns trigger language plpgsql as $$
      begin
        -- A petition that is deleted takes its own along: that comes from another trigger.
        if tg_op = 'DELETE' and pg_trigger_depth() > 1 then return old; end if;
        raise exception 'entries are added, and never changed or deleted' using errcode = '42501';
      end $$`.execute(db)
  await sql`
    create trigger target_entry_stays before update or delete on target_entry
      for each row execute function refuse_to_change_entries()`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table target_entry, target`.execute(db)
  await sql`drop function refuse_to_change_entries`.execute(db)
}
