import { wait } from '../../scale/wait.ts'
import { checkWaits, firstTime, isAmong } from '../parts/mail.ts'
import type { Trial } from '../trial.ts'

const SHARE = 0.3
const LASTS_MS = 20_000
const WELL_WITHIN_MS = 15_000

export const trial: Trial = {
  name: 'mail-later',
  what: 'the mail server puts 30 % of recipients off the first time (451, greylisting)',
  sizes: { short: 0, long: 6 },
  async run(stage, size) {
    const {
      site: { mail },
      ran,
    } = stage
    const isFirst = firstTime()
    mail.behave((step, address) =>
      step === 'RCPT' && isAmong(SHARE, address) && isFirst(address)
        ? { say: '451 4.7.1 Try again later' }
        : undefined,
    )
    for (let nth = 0; nth < size; nth++) {
      await wait(LASTS_MS)
      checkWaits(stage, (address) => !isAmong(SHARE, address), WELL_WITHIN_MS)
      ran()
    }
  },
}
