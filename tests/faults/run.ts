import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openStage } from './run-trial.ts'
import { rowOf, tableOf, writeRows } from './table.ts'
import type { Trial } from './trial.ts'

const TRIALS = fileURLToPath(new URL('./trials/', import.meta.url))

/**
 * `npm run faults [-- PART-OF-NAME… --short --size RUNS --write --list]`: breaks one part of a running site after the
 * other and judges what is left; see docs/reliability.md. Exit 1: a line says what did not hold.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      size: { type: 'string' },
    },
  })
  const trials = (await loadTrials()).filter(
    ({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)),
  )
  if (trials.length === 0) throw new Error(`no trial's name holds ${positionals.join(' or ')}`)
  if (values.list) {
    for (const { name, what, sizes } of trials) console.log(`${name}: ${what} (${sizes.long} runs)`)
    return 0
  }
  const chosen = trials
    .map((trial) => ({
      trial,
      size: values.size ? Number(values.size) : trial.sizes[values.short ? 'short' : 'long'],
    }))
    .filter(({ size }) => size > 0)
  const rows: string[] = []
  let failures = 0
  // Each on a site of its own: what one leaves behind must not help or hinder the next.
  for (const { trial, size } of chosen) {
    const stage = await openStage(trial.site ?? {}, console.log)
    const outcome = await stage.run(trial, size, values.short).finally(() => stage.close())
    failures += outcome.failures.length
    const row = rowOf(outcome)
    rows.push(row)
    console.log(row)
    if (values.write) writeRows([row])
  }
  console.log(`\n${tableOf(rows)}\n\n${failures === 0 ? 'all held' : `${failures} did not hold`}`)
  return failures === 0 ? 0 : 1
}

async function loadTrials(): Promise<Trial[]> {
  const files = readdirSync(TRIALS).sort()
  const modules = await Promise.all(files.map((file) => import(`./trials/${file}`)))
  return modules.map(({ trial }) => trial)
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`faults: ${(error as Error).message}`)
  process.exitCode = 1
}
