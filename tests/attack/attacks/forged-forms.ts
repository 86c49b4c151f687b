import { grouped } from '../../faults/table.ts'
import type { Attack } from '../attack.ts'
import { GUARDED, provedSigner, sendForms } from '../parts/forms.ts'

const RATE = 1000
const NETWORKS = 5000

export const attack: Attack = {
  name: 'forged-forms',
  what: 'the same, each with a true proof, as some hundred cores elsewhere would make them',
  sizes: { short: 0, long: 15 },
  sized: (size) => `${grouped(RATE)} a second for ${size} s`,
  site: GUARDED,
  crowd: { signers: 2, addTo: provedSigner },
  allows: { othersForms: true },
  bearable: 1500,
  // So many mails to a new address each leave no sooner: see docs/decisions/0044-floods.md.
  mailedWithin: 10_000,
  run: (stage, seconds) =>
    sendForms(stage, { proofs: 'forged', rate: RATE, networks: NETWORKS, forMs: seconds * 1000 }),
}
