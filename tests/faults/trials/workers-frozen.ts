import { randomInt } from 'node:crypto'
import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

const FROZEN_MS = 12_000
const APART_MS = 2000

export const trial: Trial = {
  name: 'workers-frozen',
  what: 'of two workers, one stands still (SIGSTOP) with whatever locks it holds, and wakes up after 12 s',
  sizes: { short: 0, long: 40 },
  site: { nodes: ['web', 'worker', 'worker'] },
  allows: { mailsEach: 2 },
  async run({ site, crowd, ran }, size) {
    const workers = site.nodes.filter(({ role }) => role === 'worker')
    for (let nth = 0; nth < size; nth++) {
      const worker = workers[nth % workers.length]!
      await wait(randomInt(APART_MS))
      worker.freeze()
      await wait(FROZEN_MS)
      worker.thaw()
      ran(await crowd.untilMailed())
    }
  },
}
