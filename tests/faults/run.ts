import { fileURLToPath } from 'node:url'
import { chooseRuns } from '../support/named-runs.ts'
import { openStage } from './run-trial.ts'
import { FAULTS, rowOf, tableOf, writeRows } from './table.ts'
import type { Trial } from './trial.ts'

const TRIALS = fileURLToPath(new URL('./trials/', import.meta.url))

/**
 * `npm run faults [-- PART-OF-NAME… --short --size RUNS --write --list]`: breaks one part of a running site after the
 * other and judges what is left; see docs/reliability.md. Exit 1: a line says what did not hold.
 */
async function main(): Promise<number> {
  const { runs, isShort, writes } = await chooseRuns<Trial>(TRIALS, ({ trial }) => trial!)
  if (runs.length === 0) return 0
  const rows: string[] = []
  let failures = 0
  // Each on a site of its own: what one leaves behind must not help or hinder the next.
  for (const { one: trial, size } of runs) {
    const stage = await openStage(trial.site ?? {}, console.log)
    const outcome = await stage.run(trial, size, isShort).finally(() => stage.close())
    failures += outcome.failures.length
    const row = rowOf(outcome)
    rows.push(row)
    console.log(row)
    if (writes) writeRows(FAULTS, [row])
  }
  console.log(
    `\n${tableOf(FAULTS, rows)}\n\n${failures === 0 ? 'all held' : `${failures} did not hold`}`,
  )
  return failures === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`faults: ${(error as Error).message}`)
  process.exitCode = 1
}
