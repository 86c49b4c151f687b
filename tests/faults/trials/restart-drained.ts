import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

/** Between two restarts, from the moment at which it takes forms again. */
const LIVES_MS = 2000
/** Longer than the drain, and than what follows it. */
const GONE_WITHIN_MS = 30_000

export const trial: Trial = {
  name: 'restart-drained',
  what: 'SIGTERM of the program (`start`) under load, on connections that people keep open',
  sizes: { short: 1, long: 20 },
  crowd: { signers: 20 },
  site: { environment: { DRAIN_SECONDS: '2' } },
  // Only those who come while no process runs: a reset connection and any status but success fail.
  allows: { noAnswer: true },
  async run({ site, crowd, ran, check }, size) {
    let lives = 0
    for (let nth = 0; nth < size; nth++) {
      await wait(LIVES_MS)
      const asked = performance.now()
      const gone = await site.nodes[0]!.stop()
      const lost = crowd.heard.filter(({ at, status }) => status === 0 && at >= lives && at < asked)
      check('nobody is cut off who came before', lost.length === 0, `${lost.length}`)
      check('it stops in time', gone < GONE_WITHIN_MS, `${Math.round(gone)} ms`)
      const begun = performance.now()
      await site.nodes[0]!.start()
      const taken = await crowd.untilTaken()
      lives = performance.now()
      ran(taken && performance.now() - begun)
    }
  },
}
