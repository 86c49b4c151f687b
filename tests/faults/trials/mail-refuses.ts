import { wait } from '../../scale/wait.ts'
import { checkWaits, isAmong } from '../parts/mail.ts'
import type { Trial } from '../trial.ts'

const SHARE = 0.1
const LASTS_MS = 20_000
const WELL_WITHIN_MS = 15_000
const isRefused = (address: string) => isAmong(SHARE, address)

export const trial: Trial = {
  name: 'mail-refuses',
  what: 'the mail server refuses 10 % of recipients for good (550)',
  sizes: { short: 0, long: 6 },
  crowd: { isReachable: (address) => !isRefused(address) },
  async run(stage, size) {
    const {
      site: { mail },
      ran,
    } = stage
    mail.behave((step, address) =>
      step === 'RCPT' && isRefused(address) ? { say: '550 5.1.1 No such mailbox here' } : undefined,
    )
    for (let nth = 0; nth < size; nth++) {
      await wait(LASTS_MS)
      checkWaits(stage, (address) => !isRefused(address), WELL_WITHIN_MS)
      ran()
    }
  },
}
