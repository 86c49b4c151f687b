import { wait } from '../../scale/wait.ts'
import { checkWaits } from '../parts/mail.ts'
import type { Trial } from '../trial.ts'

const BAD = 'town7.example.org'
const LASTS_MS = 45_000
const WELL_WITHIN_MS = 15_000
const isBad = (address: string) => address.endsWith(`@${BAD}`)

export const trial: Trial = {
  name: 'mail-bad-domain',
  what: 'the mail server never answers for recipients of one domain among 20',
  sizes: { short: 0, long: 6 },
  // A domain that hangs is asked again after five minutes, with one mail.
  crowd: { settledWithinMs: 900_000 },
  async run(stage, size) {
    const {
      site: { mail },
      ran,
    } = stage
    mail.behave((step, address) => (step === 'RCPT' && isBad(address) ? { say: null } : undefined))
    for (let nth = 0; nth < size; nth++) {
      await wait(LASTS_MS)
      checkWaits(stage, (address) => !isBad(address), WELL_WITHIN_MS)
      ran()
    }
    mail.behave()
  },
}
