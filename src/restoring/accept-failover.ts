import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { IDENTITY, IS_SYNCHRONOUS, type Mark, noteDoubt, readMark } from './database-mark.ts'

/**
 * A standby that became the primary may serve at once where it has every transaction that was ever acknowledged:
 * where each commit had waited for a synchronous standby. See docs/decisions/0042-synchronous-failover.md.
 */

/** What the operator declares of a standby that becomes the primary: DATABASE_FAILOVER. */
export type Failover = 'asynchronous' | 'synchronous'

/** What this process saw when it last found everything well. */
export interface Seen {
  count: number
  /** Null once it has found the site closed. */
  identity: string | null
  /** Whether the primary waited for a standby. */
  isSynchronous: boolean
}

/**
 * Accepts a later timeline of the same database where nothing that this node knows speaks against it. The commit waits
 * for a standby, so this doesn't return on a primary that has none.
 *
 * @param seen null in a process that has just begun
 * @param kept by this node outside the database; a count of 0 when it keeps nothing
 * @returns null when the database is the site's own, or has become it; else why it is not
 */
export async function judgeIdentity(
  db: Db,
  { marked, identity, isSynchronous }: Mark,
  seen: Seen | null,
  kept: { count: number; size: number },
): Promise<string | null> {
  if (!marked || identity === null) return null
  if (seen?.identity && seen.identity !== identity && !seen.isSynchronous) {
    // Another node may have looked a moment before this one, and found nothing.
    await noteDoubt(db, marked.identity)
    return 'another server became the primary, and the former one waited for no standby when it was last seen'
  }
  if (marked.identity === identity) return null
  if (!isPromoted(marked.identity, identity)) return 'a dump that was restored, or another server'
  if (!isSynchronous) return 'a replica became the primary, and waits for no standby itself'
  if (!seen && kept.count === 0) {
    return 'a replica became the primary, and this node has seen nothing of the former one; a node that has will accept it'
  }
  await acceptFailover(db, marked.identity, kept)
  const now = await readMark(db)
  return now.marked?.identity === now.identity ? null : 'it changed while it was compared'
}

/** The same server's data and the same database, on a later timeline: eight hexadecimal digits. */
function isPromoted(former: string, now: string): boolean {
  const [server, database, timeline] = former.split('/')
  const [server2, database2, timeline2] = now.split('/')
  return server === server2 && database === database2 && timeline! < timeline2!
}

/** Leaves the count: a node that has seen a higher one still closes the site. */
async function acceptFailover(
  db: Db,
  former: string,
  seen: { count: number; size: number },
): Promise<void> {
  await sql`
    update database_mark set identity = ${IDENTITY}
     where identity = ${former} and ${IDENTITY} is not null and ${IS_SYNCHRONOUS}
       and count >= ${seen.count}::bigint
       and coalesce((select sequenced from log_state), 0) >= ${seen.size}::bigint`.execute(db)
}
