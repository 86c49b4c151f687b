import { randomInt } from 'node:crypto'
import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

/** Between two outages, from the moment at which forms are taken again. */
const LIVES_MS = 4000
const LONGEST_AWAY_MS = 8000

export const trial: Trial = {
  name: 'workers-outlive',
  what: 'PostgreSQL ends at a random moment and is away for up to 8 s: `start` and a `worker` beside it live on',
  sizes: { short: 0, long: 32 },
  batch: 16,
  site: { durable: true, nodes: ['start', 'worker'] },
  crowd: { signers: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run({ site: { database }, crowd, ran }, size) {
    for (let nth = 0; nth < size; nth++) {
      await wait(randomInt(LIVES_MS))
      const begun = performance.now()
      await database.kill(nth % 2 === 0 ? 'postmaster' : 'all')
      await wait(randomInt(LONGEST_AWAY_MS))
      await database.restart()
      const taken = await crowd.untilTaken()
      ran(taken && performance.now() - begun)
    }
  },
}
