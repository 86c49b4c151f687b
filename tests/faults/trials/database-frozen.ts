import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-frozen',
  what: 'every process of PostgreSQL stands still (SIGSTOP) for 10 s',
  sizes: { short: 0, long: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { database } = stage.site
    await playOutages(stage, size, {
      break: () => database.freeze(),
      mend: () => database.thaw(),
    })
  },
}
