import { readdirSync, readFileSync } from 'node:fs'
import { median } from './speed/compare.ts'
import { openStage, type Stage } from './speed/stage.ts'

/**
 * What the defence against floods costs a form whose page did its work: processor time of one web process and of
 * PostgreSQL for each form, with it and without, in turn. Rates on a machine that generator, program and database share
 * say less: `npm run bench -- --defended "POST signatures, durable"`.
 *
 *   npm run bench -- form-cost [rounds] [seconds of each]
 */
const [rounds = 5, seconds = 3] = process.argv.slice(2).map(Number)
/** Forms a second: batches are then as large with the defence as without. */
const RATE = 1500
const TICKS_A_SECOND = 100

interface Cost {
  /** Microseconds a form. */
  web: number
  database: number
}

const bare = await openStage(null, { more: { WEB_PROCESSES: '1' } })
const defended = await openStage(null, { more: { WEB_PROCESSES: '1', LIMITS: 'on' } })
try {
  for (const stage of [bare, defended]) await measure(stage)
  const costs: Record<'without' | 'with', Cost[]> = { without: [], with: [] }
  for (let round = 0; round < rounds; round++) {
    costs.without.push(await measure(bare))
    costs.with.push(await measure(defended))
  }
  console.log('| | web, µs a form | PostgreSQL, µs a form | both |')
  console.log('|---|---|---|---|')
  const sums: number[] = []
  for (const [name, each] of Object.entries(costs)) {
    const [web, database] = [
      median(each.map((cost) => cost.web)),
      median(each.map((cost) => cost.database)),
    ]
    sums.push(web + database)
    console.log(`| ${[name, web, database, web + database].map(shown).join(' | ')} |`)
  }
  console.log(`without/with: ${(sums[0]! / sums[1]!).toFixed(2)}`)
} finally {
  await bare.close()
  await defended.close()
}
process.exit(0)

async function measure(stage: Stage): Promise<Cost> {
  const { rows } = await stage.sql.query<{ pid: number }>('select pg_backend_pid() as pid')
  const server = parentOf(rows[0]!.pid)
  const before = { web: secondsOf(stage.web.pid!), database: treeSeconds(server) }
  const { statuses } = await stage.run({ kind: 'sign', forMs: seconds * 1000, rate: RATE })
  const taken = statuses[303] ?? 0
  if (taken === 0) throw new Error(`no form was taken: ${JSON.stringify(statuses)}`)
  return {
    web: ((secondsOf(stage.web.pid!) - before.web) * 1e6) / taken,
    database: ((treeSeconds(server) - before.database) * 1e6) / taken,
  }
}

function shown(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value))
}

/** Of a process and its children. */
function treeSeconds(pid: number): number {
  const children = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid,
  )
  return children.reduce((sum, child) => sum + secondsOf(Number(child)), secondsOf(pid))
}

function parentOf(pid: number): number {
  return Number(fieldsOf(pid)[1])
}

/** User and system time. */
function secondsOf(pid: number): number {
  const fields = fieldsOf(pid)
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_A_SECOND
}

/** Those after the name; empty for a process that has ended meanwhile. */
function fieldsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return []
  }
}
