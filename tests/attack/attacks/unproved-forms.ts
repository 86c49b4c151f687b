import type { Attack } from '../attack.ts'
import { GUARDED, provedSigner, sendForms } from '../parts/forms.ts'

const RATE = { short: 100, long: 1000 }
const NETWORKS = 5000
/** Forms without proof whose mail goes out at once, and how many more each second: see docs/decisions/0044-floods.md. */
const FREE = 120
const FREE_A_SECOND = 2
/** Of those that wait, so many go out each second, a minute later. */
const FREED_A_SECOND = 2

export const attack: Attack = {
  name: 'unproved-forms',
  what: 'forms without proof of work, each with another address, from 5,000 networks; honest people do the work',
  sizes: { short: 3, long: 15 },
  site: GUARDED,
  crowd: { signers: 2, addTo: provedSigner },
  allows: { othersForms: true },
  bearable: 1500,
  async run(stage, seconds) {
    const rate = stage.isShort ? RATE.short : RATE.long
    const forMs = seconds * 1000
    const came = await sendForms(stage, { proofs: 'none', rate, networks: NETWORKS, forMs })
    const most = FREE + came.seconds * (FREE_A_SECOND + FREED_A_SECOND)
    const passed = Math.max(came.taken - came.held, came.mailed)
    stage.check('all but a few of its mails wait', passed <= most, came.attacker)
    return came
  },
}
