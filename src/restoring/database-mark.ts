import { sql } from 'kysely'
import type { Db } from '../database.ts'

/** The one row of database_mark: what a database that was put back is known by. */

/**
 * PostgreSQL's own words for this very database: another server has another system identifier, a dump that
 * was restored another oid, a promoted replica another timeline. None of them needs a privilege. Null in
 * recovery, where nothing can be written and so nothing goes wrong.
 */
const IDENTITY = sql<string | null>`
  case when not pg_is_in_recovery() then concat_ws('/',
    (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8)) end`

/** In the identity's place once a node has seen that the database was put back. */
export const NOTICED = 'restored'

export interface Mark {
  /** Null before the first worker. */
  marked: { identity: string; count: number } | null
  /** What PostgreSQL says of itself now. */
  identity: string | null
  /** Of the log in this database; null before it begins. */
  log: { origin: string; sequenced: number } | null
}

/** One statement, for every node every second. */
export async function readMark(db: Db): Promise<Mark> {
  const { rows } = await sql<{
    marked: string | null
    count: string | null
    identity: string | null
    origin: string | null
    sequenced: string | null
  }>`
    select m.identity as marked, m.count, ${IDENTITY} as identity, l.origin, l.sequenced
      from (select) as one
      left join database_mark m on true
      left join log_state l on true`.execute(db)
  const { marked, count, identity, origin, sequenced } = rows[0]!
  return {
    marked: marked === null ? null : { identity: marked, count: Number(count) },
    identity,
    log: origin === null ? null : { origin, sequenced: Number(sequenced) },
  }
}

/**
 * Makes the mark or raises it by one, unless the database was put back.
 *
 * @param seen the highest count that this node knows of
 * @returns the count; null when it was put back
 */
export async function raiseMark(db: Db, seen: number): Promise<number | null> {
  const { rows } = await sql<{ count: string }>`
    insert into database_mark as m (identity, count)
    select ${IDENTITY}, 1 where ${seen}::bigint = 0 or exists (select from database_mark)
    on conflict (single) do update set count = m.count + 1
     where m.count >= ${seen}::bigint and m.identity = excluded.identity
    returning count`.execute(db)
  return rows[0] ? Number(rows[0].count) : null
}

/**
 * Tells every other node, also those that keep no file. Never makes a row: `pg_restore` may be just about
 * to bring it.
 *
 * @param seen what this node knows of; looked at again, since a rebuild may have ended meanwhile
 */
export async function strikeMark(db: Db, seen: { count: number; size: number }): Promise<void> {
  await sql`
    update database_mark set identity = ${NOTICED}
     where identity <> ${NOTICED}
       and (count < ${seen.count}::bigint
            or coalesce((select sequenced from log_state), 0) < ${seen.size}::bigint)`.execute(db)
}

/**
 * Makes this database the site's, whatever it was. The count leaps to the seconds since 1970: beyond what
 * any other node's file may hold, since it otherwise grows by one a minute.
 *
 * @param seen the highest count that this node knows of
 */
export async function renewMark(trx: Db, seen: number): Promise<void> {
  await sql`
    insert into database_mark as m (identity, count)
    values (${IDENTITY}, greatest(${seen}::bigint + 1, extract(epoch from now())::bigint))
    on conflict (single) do update
      set identity = excluded.identity, count = greatest(m.count + 1, excluded.count)`.execute(trx)
}
