import type { Attack } from '../attack.ts'
import { GUARDED, provedSigner, sendForms } from '../parts/forms.ts'

const RATE = 1000
const NETWORKS = 5000
/** Forms in peace before work is asked for, and how many more each second: see `unproved` in src/defence/verdict.ts. */
const FREE = 45
const FREE_A_SECOND = 2
/** From 2,000 at most, 1,000 on average; over twenty forms no draw of luck comes to half of that. */
const KEYS_EACH = 500
const TELLING = 20

export const attack: Attack = {
  name: 'solved-forms',
  what: 'the same, as fast as one core solves their proofs',
  sizes: { short: 0, long: 30 },
  site: GUARDED,
  crowd: { signers: 2, addTo: provedSigner },
  allows: { othersForms: true },
  bearable: 1500,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const task = { proofs: 'solved', rate: RATE, networks: NETWORKS, forMs } as const
    const came = await sendForms(stage, task)
    const paid = came.taken - came.free
    const figures = `${came.free} for nothing, ${paid} for ${came.keys} keys`
    const most = FREE + came.seconds * FREE_A_SECOND
    stage.check('work is asked for', came.free <= most, figures)
    stage.check('and each form costs it', paid < TELLING || came.keys >= paid * KEYS_EACH, figures)
    return { ...came, attacker: `${came.attacker}; ${figures}` }
  },
}
