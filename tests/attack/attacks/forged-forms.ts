import type { Attack } from '../attack.ts'
import { GUARDED, provedSigner, sendForms } from '../parts/forms.ts'

const RATE = 1000
const NETWORKS = 5000
/** The most that a page is asked for: see docs/decisions/0044-floods.md. */
const MOST_KEYS = 8000
/** A network that sent nothing. */
const NEWCOMER = { 'x-forwarded-for': '92.1.1.1' }

export const attack: Attack = {
  name: 'forged-forms',
  what: 'the same, each with a true proof, as some hundred cores elsewhere would make them',
  sizes: { short: 0, long: 15 },
  site: GUARDED,
  crowd: { signers: 2, addTo: provedSigner },
  allows: { othersForms: true },
  bearable: 1500,
  // So many mails to a new address each leave no sooner: see docs/decisions/0044-floods.md.
  mailedWithin: 10_000,
  async run(stage, seconds) {
    const forMs = seconds * 1000
    const task = { proofs: 'forged', rate: RATE, networks: NETWORKS, forMs } as const
    const came = await sendForms(stage, task)
    const asked = await fetch(`${stage.site.origin}/challenge`, { headers: NEWCOMER })
    const { parameters } = (await asked.json()) as { parameters?: { data: { work: number } } }
    const work = parameters?.data.work ?? 0
    stage.check('the next form costs the most work', work === MOST_KEYS, `${work} keys at most`)
    return came
  },
}
