import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-swallowed',
  what: 'a firewall takes all packets for the database and passes none on, for 10 s; old connections stay dead',
  sizes: { short: 1, long: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { wire } = stage.site
    await playOutages(stage, size, {
      break: () => wire.swallow(),
      mend: () => wire.mend(),
    })
  },
}
