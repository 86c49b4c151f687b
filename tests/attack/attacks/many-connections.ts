import { type Attack, portOf } from '../attack.ts'
import { drip, tellDrip } from '../parts/drip.ts'

export const attack: Attack = {
  name: 'many-connections',
  what: 'more connections than a process keeps, on which nothing is sent',
  sizes: { short: 0, long: 12_000 },
  sized: (size) => `${size.toLocaleString('en')} connections at a time`,
  bearable: 1000,
  async run(stage, connections) {
    return tellDrip(await drip(portOf(stage), { head: '', letter: '', connections, forMs: 40_000 }))
  },
}
