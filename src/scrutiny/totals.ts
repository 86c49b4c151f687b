import { sql } from 'kysely'
import type { Db } from '../database.ts'

/**
 * The totals that everybody may see beside the count: once an hour, and rounded down, so that nobody can tell from them
 * when a single form came, or which signatures somebody has just taken into quarantine.
 */
export interface Totals {
  /** Forms that came, whether they were confirmed or not. */
  received: number
  /** Confirmed signatures that don't count until somebody has decided. */
  quarantined: number
  /** Confirmed signatures that were voided before the log counted them: the log's own number. */
  turnedAway: number
}

const STEP = 10

export async function publishTotals(db: Db): Promise<void> {
  await sql`
    insert into public_scrutiny as s (petition_id, received, quarantined, turned_away)
      select p.id, coalesce(f.forms, 0) / ${STEP} * ${STEP},
             coalesce(q.signatures, 0) / ${STEP} * ${STEP}, coalesce(t.signatures, 0)
        from petition p
        left join (select petition_id, sum(forms)::bigint as forms from form_count group by 1) f
          on f.petition_id = p.id
        left join (select petition_id, count(*) as signatures from quarantined group by 1) q
          on q.petition_id = p.id
        left join (
          select petition_id, sum(turned_away) as signatures from quarantine group by 1) t
          on t.petition_id = p.id
    on conflict (petition_id) do update set
      received = greatest(s.received, excluded.received), quarantined = excluded.quarantined,
      turned_away = excluded.turned_away`.execute(db)
}

/** By petition. */
export async function readTotals(db: Db): Promise<Map<number, Totals>> {
  const rows = await db.selectFrom('public_scrutiny').selectAll().execute()
  return new Map(
    rows.map((row) => [
      row.petition_id,
      {
        received: Number(row.received),
        quarantined: Number(row.quarantined),
        turnedAway: Number(row.turned_away),
      },
    ]),
  )
}

/** For a petition that nobody signed and that is deleted. */
export async function forgetScrutiny(trx: Db, petitionId: number): Promise<void> {
  for (const table of [
    'quarantine',
    'alert',
    'public_scrutiny',
    'form_count',
    'trait_hour',
  ] as const) {
    await trx.deleteFrom(table).where('petition_id', '=', petitionId).execute()
  }
}
