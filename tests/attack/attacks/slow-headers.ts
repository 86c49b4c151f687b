import { type Attack, portOf } from '../attack.ts'
import { drip, tellDrip } from '../parts/drip.ts'

const HEAD = 'GET /en/ HTTP/1.1\r\nHost: x\r\nX-Slow: '

export const attack: Attack = {
  name: 'slow-headers',
  what: 'headers that come letter by letter and never end (slowloris), each connection that is cut off replaced',
  sizes: { short: 200, long: 9000 },
  sized: (size) => `${size.toLocaleString('en')} connections at a time`,
  bearable: 1000,
  async run(stage, connections) {
    const forMs = stage.isShort ? 4000 : 40_000
    return tellDrip(await drip(portOf(stage), { head: HEAD, letter: 'x', connections, forMs }))
  },
}
