import { freshPending, idOfPending } from './pending.ts'
import { ask } from './processes.ts'
import type { LoadSummary } from './speed-task.ts'
import { API, PAGE, type Stage } from './stage.ts'

/** Rates that each path reaches on a stage, each a second. */

export async function signRate(stage: Stage, forMs: number): Promise<number> {
  return rateOf(await stage.run({ kind: 'sign', forMs }))
}

/** @returns milliseconds that 99 % of answers stay under, at 80 % of the highest rate */
export async function calmP99(stage: Stage, forMs: number): Promise<number> {
  const rate = 0.8 * (await signRate(stage, forMs))
  return (await stage.run({ kind: 'sign', forMs: 2 * forMs, rate })).p99
}

export async function confirmRate(stage: Stage, forMs: number): Promise<number> {
  const pending = await freshPending(stage, forMs * 22)
  return rateOf(await stage.run({ kind: 'confirm', forMs, ...pending }))
}

export async function getRate(stage: Stage, path: string, forMs: number): Promise<number> {
  return rateOf(await stage.run({ kind: 'get', path, forMs }))
}

/** From the moment that the jobs are there until the mail server has taken the last. */
export async function mailRate(stage: Stage, count: number): Promise<number> {
  const { first, last } = await freshPending(stage, count)
  const taken = ask<{ at: number }>(stage.sink, { until: count })
  const begun = Date.now()
  await stage.sql.query(
    `select graphile_worker.add_job('mail-submissions', payload => json_build_object('submissions',
              (select json_agg(${idOfPending('nth')})
                 from generate_series(n, least(n + 63, $2::int)) nth)), max_attempts => 25)
       from generate_series($1::int, $2::int, 64) n`,
    [first, last],
  )
  const { at } = await taken
  return count / ((at - begun) / 1000)
}

/**
 * Confirms as fast as it goes, with the worker counting and sealing beside it, and asks for the count
 * meanwhile.
 *
 * @returns seconds that the count was behind at most
 */
export async function countLag(stage: Stage, forMs: number): Promise<number> {
  const pending = await freshPending(stage, forMs * 22)
  let over = false
  const load = stage.run({ kind: 'confirm', forMs, ...pending }).finally(() => {
    over = true
  })
  const truths: { at: number; count: number }[] = []
  let worst = 0
  while (!over) {
    truths.push({ at: performance.now(), count: await truth(stage) })
    const answer = await fetch(`http://127.0.0.1:${stage.port}${API}`)
    const { signatures } = (await answer.json()) as { signatures: { counted: number } }
    const at = performance.now()
    // The latest moment when that was the truth.
    const was = truths.findLast((known) => known.count <= signatures.counted)
    if (!was) throw new Error(`the count ${signatures.counted} is less than it ever was`)
    worst = Math.max(worst, at - was.at)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  rateOf(await load)
  return worst / 1000
}

async function truth({ sql }: Stage): Promise<number> {
  const { rows } = await sql.query(
    `select (select coalesce(sum(signatures) filter (where key = 'confirmed'), 0)
                  - coalesce(sum(signatures) filter (where key <> 'confirmed'), 0)
               from tally where dimension = 'total' and petition_id = 1)
          + (select count(*) from tally_queue) as count`,
  )
  return Number(rows[0].count)
}

/** What was refused for want of time does not count. */
export function rateOf({ requests, seconds, statuses }: LoadSummary): number {
  const wrong = Object.keys(statuses).filter((status) => !['200', '303', '503'].includes(status))
  if (wrong.length > 0) throw new Error(`answers with ${JSON.stringify(statuses)}`)
  return (requests - (statuses[503] ?? 0)) / seconds
}

/** What the program sends for a path. */
export async function answerOf(port: number, path: string) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { 'accept-encoding': 'identity' },
  })
  const hop = ['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding']
  return {
    body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    headers: [...answer.headers].filter(([name]) => !hop.includes(name)),
  }
}

export const PUBLIC_PATHS = [PAGE, API]
