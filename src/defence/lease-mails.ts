import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { DAY, MINUTE, SECOND } from '../platform/clock.ts'
import { HELD_ELSEWHERE, type Later } from '../platform/mail/mail.ts'

/** After so long without a renewal a lease is nobody's: its process has died, and the mail is sent again. */
const LEASE_MS = MINUTE
const RENEW_EVERY_MS = 15 * SECOND

/**
 * Mails under way. A mail is marked before it is sent, in the transaction that counts it, and the mark goes with the
 * outcome: a database that can't be written sends nothing, and a mail whose outcome is not known is not sent again
 * while the process lives that sends it. See docs/decisions/0038-marked-before-sending.md for what a crash leaves.
 */
export function createLeases(db: Db) {
  /** What this process sends, or has sent without having written down the outcome. */
  const held = new Set<string>()
  let renewing: NodeJS.Timeout | null = null

  function renew(): void {
    const ids = [...held]
    // A failure lets them run out, unless the next renewal comes in time.
    void renewLeases(db, ids).catch(() => {})
  }

  return {
    /**
     * Marks mails as under way. On the database's clock, so that nodes agree; a time that has not come yet is from
     * before the clock was set back, and counts as run out.
     *
     * @returns those that were free; the caller ends each with `end`, or with `release` if its transaction fails
     */
    async take(trx: Db, ids: string[]): Promise<ReadonlySet<string>> {
      const free = ids.filter((id) => !held.has(id))
      if (free.length === 0) return new Set()
      const { rows } = await sql<{ id: string }>`
        insert into mail_lease as l (id, renewed_at)
          select id, clock_timestamp() from unnest(${free}::uuid[]) as id order by id
        on conflict (id) do update set renewed_at = excluded.renewed_at
          where abs(extract(epoch from excluded.renewed_at - l.renewed_at)) * 1000 > ${LEASE_MS}
        returning id`.execute(trx)
      for (const { id } of rows) held.add(id)
      renewing ??= setInterval(renew, RENEW_EVERY_MS).unref()
      return new Set(rows.map(({ id }) => id))
    },
    /** Once the outcome is written down, or the transaction that took them has failed. */
    release(ids: Iterable<string>): void {
      for (const id of ids) held.delete(id)
      if (held.size > 0 || !renewing) return
      clearInterval(renewing)
      renewing = null
    },
  }
}

export type Leases = ReturnType<typeof createLeases>

/** For a mail that is under way: it is asked for again once its lease would have run out. */
export const LEASED_ELSEWHERE: Later = { ...HELD_ELSEWHERE, after: LEASE_MS + SECOND }

async function renewLeases(db: Db, ids: string[]): Promise<void> {
  await sql`
    update mail_lease set renewed_at = clock_timestamp()
     where id in (select id from mail_lease where id = any (${ids}::uuid[]) order by id for update)`.execute(
    db,
  )
}

/** In the transaction that writes down the outcomes, or erases what the mails were about. */
export async function endLeases(trx: Db, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    delete from mail_lease where id in (
      select id from mail_lease where id = any (${ids}::uuid[]) order by id for update)`.execute(
    trx,
  )
}

/** Those of processes that died and of mails that nobody sends any more. */
export async function forgetLeases(db: Db): Promise<void> {
  await sql`
    delete from mail_lease
     where abs(extract(epoch from clock_timestamp() - renewed_at)) * 1000 > ${DAY}`.execute(db)
}
