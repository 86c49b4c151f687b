import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** What people change leaves a trace; a petition is drafted, scheduled, paused, hidden, delivered and answered. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table action (
      id integer generated always as identity primary key,
      at timestamptz not null,
      face text not null,
      person text not null,
      what text not null,
      -- A slug, not a reference: the petition may be deleted, its trace may not.
      petition text,
      before jsonb,
      after jsonb
    )`.execute(db)
  await sql`create index action_petition on action (petition, id)`.execute(db)
  // The owner can drop the trigger; nobody gets past it by mistake. A restore truncates the empty tables that it fills.
  await sql`
    create function refuse_to_change_actions() returns trigger language plpgsql as $$
      declare is_filled boolean;
      begin
        if tg_op = 'TRUNCATE' then
          execute format('select exists (select from %I.%I)', tg_table_schema, tg_table_name) into is_filled;
          if not is_filled then return null; end if;
        end if;
        raise exception 'actions are added, and never changed or deleted' using errcode = '42501';
      end $$`.execute(db)
  await sql`
    create trigger action_stays before update or delete or truncate on action
      for each statement execute function refuse_to_change_actions()`.execute(db)
  await sql`
    alter table petition
      -- Null: a draft, which nobody but those with its preview's address sees.
      add column published_at timestamptz,
      -- When a draft is published by itself.
      add column publish_at timestamptz,
      -- The preview's address holds this id; null when there is none.
      add column preview_id uuid,
      add column preview_until timestamptz,
      -- While it is set, no form is taken: { reason, words }.
      add column pause jsonb,
      add column hidden_at timestamptz,
      -- { on, to, answered }
      add column delivery jsonb`.execute(db)
  await sql`update petition set published_at = created_at`.execute(db)
  await sql`
    create table deleted_petition (
      slug text primary key,
      deleted_at timestamptz not null,
      -- Of partners' links, which were given out.
      codes text[] not null
    )`.execute(db)
}

/** The release before shows every petition: drafts, which nobody has signed, go; hidden ones are shown. */
export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table deleted_petition, action`.execute(db)
  await sql`drop function refuse_to_change_actions`.execute(db)
  await sql`
    delete from partner_link where petition_id in (select id from petition where published_at is null)`.execute(
    db,
  )
  await sql`delete from petition where published_at is null`.execute(db)
  await sql`
    alter table petition
      drop column published_at, drop column publish_at, drop column preview_id, drop column preview_until,
      drop column pause, drop column hidden_at, drop column delivery`.execute(db)
}
