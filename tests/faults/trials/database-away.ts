import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-away',
  what: 'the database refuses connections for 10 s, and ends those that are open',
  sizes: { short: 0, long: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { wire } = stage.site
    await playOutages(stage, size, {
      break: () => wire.cut(),
      mend: () => wire.mend(),
    })
  },
}
