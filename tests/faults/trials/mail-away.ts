import { wait } from '../../scale/wait.ts'
import type { Trial } from '../trial.ts'

const AWAY_MS = 10_000
const SHORT_MS = 3000

export const trial: Trial = {
  name: 'mail-away',
  what: 'the mail server refuses connections for 10 s',
  sizes: { short: 1, long: 20 },
  allows: { mailsEach: 2 },
  async run({ site: { mail }, crowd, ran, isShort }, size) {
    const awayMs = isShort ? SHORT_MS : AWAY_MS
    for (let nth = 0; nth < size; nth++) {
      await mail.goAway()
      await wait(awayMs)
      await mail.comeBack()
      ran(await crowd.untilMailed())
      await wait(awayMs / 2)
    }
  },
}
