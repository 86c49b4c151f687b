import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { encodeUtf8 } from '../log/core/canonical.ts'
import { LogRefusal } from '../log/sequencing/log-writer.ts'
import { replaceFile } from '../platform/files/write-whole.ts'

/**
 * The one row of database_mark, by which a restored database is recognised, and each node's copy of its
 * count outside the database.
 */

/**
 * PostgreSQL's own identifiers of this very database: another server has another system identifier, a
 * restored dump another oid, a promoted replica another timeline. None of them needs a privilege. Null in
 * recovery, where nothing can be written and so nothing goes wrong.
 */
export const IDENTITY = sql<string | null>`
  case when not pg_is_in_recovery() then concat_ws('/',
    (select system_identifier from pg_control_system()),
    (select oid from pg_database where datname = current_database()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8)) end`

/**
 * Whether a commit returns only once a standby has it on its disk. Settings anybody may read: which standby it is, and
 * whether it answers, takes a privilege to know, and is the primary's business.
 */
export const IS_SYNCHRONOUS = sql<boolean>`
  (current_setting('synchronous_standby_names') <> ''
   and current_setting('synchronous_commit') in ('on', 'remote_apply'))`

/** In the identity's stead once a node has seen that the database was restored. */
export const RESTORED = 'restored'

/**
 * The node's file: the highest count that it has seen. The identity isn't kept beside it: after a rebuild
 * on another node it would be the former one, and evidence of nothing.
 */
const FILE = 'database-mark'

export interface Mark {
  /** Null before the first worker. */
  marked: { identity: string; count: number } | null
  /** PostgreSQL's identifiers now. */
  identity: string | null
  isSynchronous: boolean
  /** Of the log in this database; null before it begins. */
  log: { origin: string; sequenced: number } | null
}

/** One statement, for every node every second. */
export async function readMark(db: Db): Promise<Mark> {
  const { rows } = await sql<{
    marked: string | null
    count: string | null
    identity: string | null
    is_synchronous: boolean
    origin: string | null
    sequenced: string | null
  }>`
    select m.identity as marked, m.count, ${IDENTITY} as identity, ${IS_SYNCHRONOUS} as is_synchronous,
           l.origin, l.sequenced
      from (select) as one
      left join database_mark m on true
      left join log_state l on true`.execute(db)
  const { marked, count, identity, is_synchronous, origin, sequenced } = rows[0]!
  return {
    marked: marked === null ? null : { identity: marked, count: Number(count) },
    identity,
    isSynchronous: is_synchronous,
    log: origin === null ? null : { origin, sequenced: Number(sequenced) },
  }
}

/**
 * Raises the mark in the database, then in this node's file: a crash between the two leaves the database
 * ahead, which is evidence of nothing. A restored database keeps its mark.
 */
export async function raiseMark(db: Db, folder: string): Promise<void> {
  const count = await raiseCount(db, await readKeptMark(folder))
  if (count !== null) await keepMark(folder, count)
}

/**
 * Makes the mark or raises it by one, unless the database was restored.
 *
 * @param seen the highest count that this node knows of
 * @returns the count; null when the database was restored
 */
export async function raiseCount(db: Db, seen: number): Promise<number | null> {
  const { rows } = await sql<{ count: string }>`
    insert into database_mark as m (identity, count)
    select ${IDENTITY}, 1 where ${seen}::bigint = 0 or exists (select from database_mark)
    on conflict (single) do update set count = m.count + 1
     where m.count >= ${seen}::bigint and m.identity = excluded.identity
    returning count`.execute(db)
  return rows[0] ? Number(rows[0].count) : null
}

/**
 * Lets every other node know, also those that keep no file. Never makes a row: `pg_restore` may be just
 * about to bring it.
 *
 * @param seen the count and size that this node knows of; compared again, since a rebuild may have ended
 *   meanwhile
 */
export async function noteRestored(db: Db, seen: { count: number; size: number }): Promise<void> {
  await sql`
    update database_mark set identity = ${RESTORED}
     where identity <> ${RESTORED}
       and (count < ${seen.count}::bigint
            or coalesce((select sequenced from log_state), 0) < ${seen.size}::bigint)`.execute(db)
}

/** The same for a node that knows of no number, only that the former primary may have had more than this one. */
export async function noteDoubt(db: Db, marked: string): Promise<void> {
  await sql`update database_mark set identity = ${RESTORED} where identity = ${marked}`.execute(db)
}

/**
 * Closes a database that is just being filled from a backup, also where it is the very one that the backup was
 * made of and so has its identity.
 */
export async function markRestored(db: Db): Promise<void> {
  await sql`
    insert into database_mark as m (identity, count) values (${RESTORED}, 1)
    on conflict (single) do update set identity = excluded.identity`.execute(db)
}

/**
 * Makes this database the site's, whatever it was. The count leaps to the seconds since 1970: beyond the
 * count in any other node's file, since it otherwise grows by one a minute.
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

/** @returns 0 when there is no file. @throws LogRefusal when its content is none of ours */
export async function readKeptMark(folder: string): Promise<number> {
  const path = join(folder, FILE)
  const text = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '0'
    throw error
  })
  if (/^\d{1,15}\n?$/.test(text)) return Number(text)
  throw new LogRefusal(`${path} holds no number: put it back, or remove it and see "log status"`)
}

/** Never goes back. Durable when it returns. */
export async function keepMark(folder: string, count: number): Promise<void> {
  if ((await readKeptMark(folder)) >= count) return
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await replaceFile(join(folder, FILE), encodeUtf8(`${count}\n`))
}
