import { PETITION } from '../../scale/petition.ts'
import type { Attack } from '../attack.ts'
import { holdSlowly } from '../parts/drip.ts'

const HEAD = [
  `POST ${PETITION.page}/signatures HTTP/1.1`,
  'Host: x',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Length: 10000',
  '',
  'name=',
].join('\r\n')

/** See docs/operating.md. */
const CUT_OFF_WITHIN_MS = 30_000

export const attack: Attack = {
  name: 'slow-bodies',
  what: 'forms that come letter by letter and never end, each connection that is cut off replaced',
  sizes: { short: 200, long: 9000 },
  bearable: 1000,
  // A connection costs up to 50 kB: see LIMITS in src/platform/web/create-server.ts.
  megabytes: 500,
  run: (stage, connections) =>
    holdSlowly(stage, { head: HEAD, connections, forMs: 70_000 }, CUT_OFF_WITHIN_MS),
}
