import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration sees no current schema
type AnyDatabase = Kysely<any>

/** Filled by every confirmation, emptied by the worker: vacuumed by what was taken, not by its share. */
const QUEUES = ['tally_queue', 'sealing_queue', 'log_queue']

export async function up(db: AnyDatabase): Promise<void> {
  // Its rows live for a second and copy a signature's petition, which has the key; checking it once
  // more would lock the petition's row for each confirmation.
  await sql`alter table tally_queue drop constraint tally_queue_petition_id_fkey`.execute(db)
  for (const queue of QUEUES) {
    await sql`
      alter table ${sql.table(queue)} set (
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)`.execute(db)
  }
  // Each row is written about four times within minutes: at a fifth of ten million it would be late.
  await sql`
    alter table signature set (
      autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
      autovacuum_analyze_scale_factor = 0.02)`.execute(db)
}

export async function down(db: AnyDatabase): Promise<void> {
  await sql`
    alter table signature reset (
      autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,
      autovacuum_analyze_scale_factor)`.execute(db)
  for (const queue of QUEUES) {
    await sql`
      alter table ${sql.table(queue)} reset (
        autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)`.execute(db)
  }
  await sql`
    delete from tally_queue where petition_id not in (select id from petition)`.execute(db)
  await sql`
    alter table tally_queue
      add constraint tally_queue_petition_id_fkey foreign key (petition_id) references petition`.execute(
    db,
  )
}
