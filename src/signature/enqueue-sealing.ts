import { type RawBuilder, sql } from 'kysely'

/**
 * Notes that signatures are to be sealed: a part of the statement that confirms them.
 *
 * @param from name of a with-query that gives their `id`
 */
export function insertIntoSealingQueue(from: string): RawBuilder<unknown> {
  return sql`insert into sealing_queue (signature_id) select id from ${sql.table(from)}`
}
