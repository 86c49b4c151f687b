import { randomInt } from 'node:crypto'
import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

/** Between two kills, from the moment at which it takes forms again. */
const LIVES_MS = 2500

export const trial: Trial = {
  name: 'kill-program',
  what: '`kill -9` of the program (`start`) at a random moment under load',
  sizes: { short: 2, long: 300 },
  batch: 25,
  crowd: { signers: 20 },
  // Everybody comes at once when it is back, and some are asked to come again.
  // What a process had handed to the mail server when it was killed may go again, once for each kill.
  allows: { noAnswer: true, refusals: true, mailsEach: 2 },
  async run({ site, crowd, ran }, size) {
    for (let nth = 0; nth < size; nth++) {
      await wait(randomInt(LIVES_MS))
      await site.nodes[0]!.kill()
      const begun = performance.now()
      await site.nodes[0]!.start()
      const taken = await crowd.untilTaken()
      ran(taken && performance.now() - begun)
    }
  },
}
