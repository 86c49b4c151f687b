import type { Attack } from '../attack.ts'
import { GUARDED, provedSigner, sendForms } from '../parts/forms.ts'

const RATE = 1000
const NETWORKS = 5000

export const attack: Attack = {
  name: 'solved-forms',
  what: 'the same, as fast as one core solves their proofs',
  sizes: { short: 0, long: 30 },
  sized: (size) => `${size} s`,
  site: GUARDED,
  crowd: { signers: 2, addTo: provedSigner },
  allows: { othersForms: true },
  bearable: 1500,
  run: (stage, seconds) =>
    sendForms(stage, { proofs: 'solved', rate: RATE, networks: NETWORKS, forMs: seconds * 1000 }),
}
