import { randomInt } from 'node:crypto'
import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

const ONE_IN = 25
const LASTS_MS = 20_000

export const trial: Trial = {
  name: 'mail-drops',
  what: 'the mail server hangs up at one step in 25, also after it has taken a mail',
  sizes: { short: 0, long: 6 },
  // What the server may have taken is sent again after two minutes, and may be dropped again.
  crowd: { settledWithinMs: 660_000 },
  // One that hangs up after the content may have taken it, each time.
  allows: { mailsEach: 3 },
  async run({ site: { mail }, ran }, size) {
    mail.behave(() => (randomInt(ONE_IN) === 0 ? { say: null, hangUp: true } : undefined))
    for (let nth = 0; nth < size; nth++) {
      await wait(LASTS_MS)
      ran()
    }
    mail.behave()
  },
}
