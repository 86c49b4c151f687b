import { wait } from '../../scale/wait.ts'
import { checkWaits } from '../parts/mail.ts'
import type { Trial } from '../trial.ts'

const GREETS_AFTER_MS = 12_000
const ANSWERS_AFTER_MS = 200
const LASTS_MS = 40_000

export const trial: Trial = {
  name: 'mail-slow',
  what: 'the mail server greets after 12 s and takes 200 ms for each answer, for 40 s',
  sizes: { short: 0, long: 3 },
  crowd: { signers: 2 },
  async run(stage, size) {
    const {
      site: { mail },
      ran,
    } = stage
    for (let nth = 0; nth < size; nth++) {
      // Ends the connections that have been greeted.
      await mail.goAway()
      mail.behave((step) => ({ afterMs: step === 'CONNECT' ? GREETS_AFTER_MS : ANSWERS_AFTER_MS }))
      await mail.comeBack()
      await wait(LASTS_MS)
      checkWaits(stage, () => true, LASTS_MS)
      mail.behave()
      ran()
    }
  },
}
