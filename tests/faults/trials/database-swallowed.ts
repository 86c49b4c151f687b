import { playOutage } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-swallowed',
  what: 'a firewall takes all packets for the database and passes none on, for 10 s; old connections stay dead',
  sizes: { short: 1, long: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { wire } = stage.site
    for (let nth = 0; nth < size; nth++) {
      await playOutage(stage, {
        break: () => wire.swallow(),
        mend: () => wire.mend(),
        lastsMs: 10_000,
      })
    }
  },
}
