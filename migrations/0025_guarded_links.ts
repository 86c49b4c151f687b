import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration must not depend on today's row types
type AnyDatabase = Kysely<any>

/** A share link's figure moved in steps of five until now. The next boundary lies above the one that it crossed last. */
export async function up(db: AnyDatabase): Promise<void> {
  await sql`
    update log_tally set reference = shown, changes = shown / 5
     where dimension = 'ref' and shown > 0`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`update log_tally set reference = 0, changes = 0 where dimension = 'ref'`.execute(db)
}
