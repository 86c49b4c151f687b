import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-silent',
  what: 'packets to and from the database are dropped for 10 s, then pass again',
  sizes: { short: 1, long: 20 },
  site: { durable: true },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { wire } = stage.site
    await playOutages(stage, size, {
      break: () => wire.freeze(),
      mend: () => wire.mend(),
    })
  },
}
