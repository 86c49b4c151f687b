import type { Attack } from '../attack.ts'
import { holdSlowly } from '../parts/drip.ts'

const HEAD = 'GET /en/ HTTP/1.1\r\nHost: x\r\nX-Slow: '

/** See docs/operating.md. */
const CUT_OFF_WITHIN_MS = 10_000

export const attack: Attack = {
  name: 'slow-headers',
  what: 'headers that come letter by letter and never end (slowloris), each connection that is cut off replaced',
  sizes: { short: 200, long: 9000 },
  bearable: 1000,
  // A connection costs up to 50 kB: see LIMITS in src/platform/web/create-server.ts.
  megabytes: 500,
  run: (stage, connections) =>
    holdSlowly(stage, { head: HEAD, connections, forMs: 40_000 }, CUT_OFF_WITHIN_MS),
}
