import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-read-only',
  what: 'the database is read-only for 10 s, as after a failover',
  sizes: { short: 1, long: 20 },
  site: { durable: true },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { database } = stage.site
    await playOutages(stage, size, {
      break: () => database.set('default_transaction_read_only', 'on'),
      mend: () => database.set('default_transaction_read_only', 'off'),
    })
  },
}
