import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { untilHolds, wait } from '../../scale/wait.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import type { Trial } from '../trial.ts'

const HOUR = 60 * 60_000
/** A day, and the hour of summer time; forward and back again. */
const STEPS = [-24 * HOUR, 24 * HOUR, -HOUR, HOUR, 48 * HOUR, 0]
const RUNS_MS = 6000
const LOG_WITHIN_MS = 15_000
const CLOCK_FILE = join(temporaryFolder(), 'clock')

export const trial: Trial = {
  name: 'clock-set',
  what: 'the clock of the program (not of PostgreSQL) is set by an hour, a day or two, forward or back',
  sizes: { short: 0, long: 12 },
  site: {
    nodes: ['start', 'worker'],
    environment: {
      CLOCK_FILE,
      NODE_OPTIONS: `--import ${fileURLToPath(new URL('../site/settable-clock.mjs', import.meta.url))}`,
    },
  },
  async run(stage, size) {
    const { site, crowd } = stage
    for (let nth = 0; nth < size; nth++) {
      writeFileSync(CLOCK_FILE, String(STEPS[nth % STEPS.length]))
      // Every second time of one node alone: then their clocks differ.
      for (const { part } of site.nodes.slice(0, 1 + (nth % 2))) process.kill(part.pid, 'SIGUSR2')
      const before = await publishedSize(site.sql)
      const grown = await untilHolds(LOG_WITHIN_MS, async () => {
        return (await publishedSize(site.sql)) > before
      })
      stage.check('the log goes on', grown !== null, `no new entry within ${LOG_WITHIN_MS} ms`)
      await wait(RUNS_MS)
      stage.ran(await crowd.untilMailed())
    }
  },
}

async function publishedSize(sql: { query(text: string): Promise<{ rows: { size: string }[] }> }) {
  const { rows } = await sql.query('select coalesce(published, 0) as size from log_state')
  return Number(rows[0]!.size)
}
