import type pg from 'pg'

/** When the last confirmation had got everywhere: seconds after it; null when it never did. */
export interface Settled {
  counted: number | null
  sealed: number | null
  logged: number | null
}

const LOOK_EVERY_MS = 250
/** When nothing more has moved for so long, what is missing counts as lost. */
const PATIENCE_MS = 60_000

/** @param since the last confirmation, on the clock of `performance.timeOrigin + performance.now()` */
export async function settle(sql: pg.Client, since: number): Promise<Settled> {
  const settled: Settled = { counted: null, sealed: null, logged: null }
  let movedAt = performance.now()
  let before = ''
  while (settled.logged === null && performance.now() - movedAt < PATIENCE_MS) {
    const { rows } = await sql.query(`
      select (select count(*) from tally_queue)::int as uncounted,
             (select count(*) from sealing_queue)::int as unsealed,
             (select count(*) from log_queue)::int as unlogged,
             sequenced::text, published is not distinct from sequenced as told
        from log_state`)
    const { uncounted, unsealed, unlogged, told } = rows[0]
    const seconds = (performance.timeOrigin + performance.now() - since) / 1000
    if (uncounted === 0) settled.counted ??= seconds
    if (unsealed === 0) settled.sealed ??= seconds
    if (unsealed === 0 && unlogged === 0 && told) settled.logged ??= seconds
    const now = JSON.stringify(rows[0])
    if (now !== before) movedAt = performance.now()
    before = now
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
  return settled
}
