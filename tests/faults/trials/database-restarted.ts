import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

const RUNS_MS = 4000
const AWAY_MS = 1000

export const trial: Trial = {
  name: 'database-restarted',
  what: 'PostgreSQL is restarted (SIGINT), as by an update of its package',
  sizes: { short: 0, long: 30 },
  allows: { refusals: true },
  async run({ site: { database }, crowd, ran }, size) {
    for (let nth = 0; nth < size; nth++) {
      await wait(RUNS_MS)
      await database.part.stop()
      await wait(AWAY_MS)
      await database.restart()
      ran(await crowd.untilTaken())
    }
  },
}
