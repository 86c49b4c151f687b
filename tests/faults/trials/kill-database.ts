import { randomInt } from 'node:crypto'
import { wait } from '../../scale/wait.ts'
import { KILLS } from '../site/database.ts'
import type { Trial } from '../trial.ts'

/** Between two kills, from the moment at which forms are taken again. */
const LIVES_MS = 2000
const WARM_MS = 3000
/** A supervisor's pause. */
const AWAY_MS = 300

export const trial: Trial = {
  name: 'kill-database',
  what: '`kill -9` of PostgreSQL at a random moment under load: of all its processes, of the first, of one session',
  sizes: { short: 3, long: 300 },
  batch: 30,
  site: { durable: true },
  crowd: { signers: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run({ site: { database }, crowd, ran }, size) {
    // What readers ask for is in memory by then.
    await wait(WARM_MS)
    for (let nth = 0; nth < size; nth++) {
      await wait(randomInt(LIVES_MS))
      const kill = KILLS[nth % KILLS.length]!
      const begun = performance.now()
      await database.kill(kill)
      if (kill !== 'backend') {
        await wait(AWAY_MS)
        await database.restart()
      }
      const taken = await crowd.untilTaken()
      ran(taken && performance.now() - begun)
    }
  },
}
