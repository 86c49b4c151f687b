import { wait } from '../../scale/wait.ts'
import { checkWaits, firstTime, isAmong } from '../parts/mail.ts'
import type { Trial } from '../trial.ts'

const SHARE = 0.05
const LASTS_MS = 30_000
const WELL_WITHIN_MS = 15_000

export const trial: Trial = {
  name: 'mail-hangs-after-data',
  what: 'for 5 % of recipients the mail server takes the content and then says nothing, the first time',
  sizes: { short: 0, long: 4 },
  // Ten minutes without an answer while no other mail waits, and two more before it is sent again.
  crowd: { settledWithinMs: 780_000 },
  // The server has the mail and didn't say so: it has to be sent again.
  allows: { mailsEach: 2 },
  async run(stage, size) {
    const {
      site: { mail },
      ran,
    } = stage
    const isFirst = firstTime()
    mail.behave((step, address) =>
      step === '.' && isAmong(SHARE, address) && isFirst(address) ? { say: null } : undefined,
    )
    for (let nth = 0; nth < size; nth++) {
      await wait(LASTS_MS)
      checkWaits(stage, (address) => !isAmong(SHARE, address), WELL_WITHIN_MS)
      ran()
    }
    mail.behave()
  },
}
