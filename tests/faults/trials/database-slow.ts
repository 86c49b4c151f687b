import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

const DELAY_MS = 100

export const trial: Trial = {
  name: 'database-slow',
  what: `each packet to and from the database takes ${DELAY_MS} ms longer, for 20 s`,
  sizes: { short: 0, long: 10 },
  async run(stage, size) {
    const { wire } = stage.site
    await playOutages(stage, size, {
      break: () => wire.delay(DELAY_MS),
      mend: () => wire.mend(),
      lastsMs: 20_000,
      isTotal: false,
    })
  },
}
