import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/**
 * Signatures on paper that only the log remembers, after an older backup was restored: their number and the hash.
 * And quarantines that ended before their last signatures were decided on, as the release before could make them when
 * a signer left meanwhile: they wait for a decision again.
 */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    alter table paper alter column place drop not null, alter column collected_on drop not null`.execute(
    db,
  )
  await sql`
    update quarantine set ended_at = null, void_at = null
     where ended_at is not null
       and exists (select from quarantined where quarantine_id = quarantine.id)`.execute(db)
}

/** The release before takes any text for a place and a day. */
export async function down(db: AnyDatabase): Promise<void> {
  await sql`
    update paper set place = coalesce(place, 'unknown'), collected_on = coalesce(collected_on, 'unknown')`.execute(
    db,
  )
  await sql`
    alter table paper alter column place set not null, alter column collected_on set not null`.execute(
    db,
  )
}
