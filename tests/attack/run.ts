import { fileURLToPath } from 'node:url'
import { openStage } from '../faults/run-trial.ts'
import { tableOf, writeRows } from '../faults/table.ts'
import { chooseRuns } from '../support/named-runs.ts'
import type { Attack } from './attack.ts'
import { BOT_FARM, FARM_ENDS, playWeek } from './farm/play-week.ts'
import { ATTACKS, runAttack } from './run-attack.ts'

const FOLDER = fileURLToPath(new URL('./attacks/', import.meta.url))

/**
 * `npm run attack [-- PART-OF-NAME… --short --size SIZE --write --list]`: attacks a site while people sign, and says
 * what happened to them; see docs/reliability.md, "Under attack". Exit 1: a line says what did not hold.
 */
async function main(): Promise<number> {
  const { runs, isShort, writes } = await chooseRuns<Attack | typeof BOT_FARM>(
    FOLDER,
    ({ attack }) => attack as Attack,
    [BOT_FARM],
  )
  if (runs.length === 0) return 0
  const rows: string[] = []
  let failures = 0
  for (const { one, size } of runs) {
    if (!('run' in one)) {
      failures += await playFarmOfBots(writes)
      continue
    }
    const site = await openStage(one.site ?? {}, console.log)
    const { row, outcome } = await runAttack(site, one, size, isShort).finally(() => site.close())
    failures += outcome.failures.length
    rows.push(row)
    console.log(row)
    if (writes) writeRows(ATTACKS, [row])
  }
  console.log(
    `\n${tableOf(ATTACKS, rows)}\n\n${failures === 0 ? 'all held' : `${failures} did not hold`}`,
  )
  return failures === 0 ? 0 : 1
}

/** @returns how much did not hold */
async function playFarmOfBots(writes: boolean): Promise<number> {
  const { rows, failures } = await playWeek(console.log)
  console.log(`\n${tableOf(FARM_ENDS, rows)}\n${failures.join('\n')}`)
  if (writes) writeRows(FARM_ENDS, rows)
  return failures.length
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`attack: ${(error as Error).message}`)
  process.exitCode = 1
}
