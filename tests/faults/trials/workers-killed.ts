import { randomInt } from 'node:crypto'
import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

const APART_MS = 2500

export const trial: Trial = {
  name: 'workers-killed',
  what: '`kill -9` of one of two workers at a random moment; the other takes over its locks and jobs',
  sizes: { short: 0, long: 40 },
  site: { nodes: ['web', 'worker', 'worker'] },
  crowd: { signers: 20 },
  allows: { mailsEach: 2 },
  async run({ site, crowd, ran }, size) {
    const workers = site.nodes.filter(({ role }) => role === 'worker')
    for (let nth = 0; nth < size; nth++) {
      const worker = workers[nth % workers.length]!
      await wait(randomInt(APART_MS))
      await worker.kill()
      const mailed = crowd.untilMailed()
      await worker.start()
      ran(await mailed)
    }
  },
}
