import { grouped } from '../../faults/table.ts'
import type { Attack } from '../attack.ts'
import { GUARDED, provedSigner, sendForms } from '../parts/forms.ts'

const RATE = { short: 100, long: 1000 }
const NETWORKS = 5000

export const attack: Attack = {
  name: 'unproved-forms',
  what: 'forms without proof of work, each with another address, from 5,000 networks; honest people do the work',
  sizes: { short: 3, long: 15 },
  sized: (size) => `${grouped(RATE.long)} a second for ${size} s`,
  site: GUARDED,
  crowd: { signers: 2, addTo: provedSigner },
  allows: { othersForms: true },
  bearable: 1500,
  run(stage, seconds) {
    const rate = stage.isShort ? RATE.short : RATE.long
    return sendForms(stage, { proofs: 'none', rate, networks: NETWORKS, forMs: seconds * 1000 })
  },
}
