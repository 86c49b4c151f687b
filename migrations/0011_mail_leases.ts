import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** Marks of mails under way. A row lives for moments: vacuumed by what was deleted, not by its share. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    create table mail_lease (
      -- Of a submission, a subscriber, or a request for a link to withdraw.
      id uuid primary key,
      -- On the database's clock; its process renews it for as long as it sends.
      renewed_at timestamptz not null
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`drop table mail_lease`.execute(db)
}
