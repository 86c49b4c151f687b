/** SQLSTATE classes of passing faults: connection, resources, operator intervention, system. */
const AWAY_CLASSES = ['08', '53', '57', '58']
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
])

/** pg's own errors carry no code for these. */
const AWAY_MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/

/** True when an error means that the database is away, rather than that the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway)
  const code = (error as { code?: unknown }).code
  if (typeof code === 'string') {
    if (AWAY_CODES.has(code)) return true
    if (code.length === 5 && AWAY_CLASSES.includes(code.slice(0, 2))) return true
  }
  return AWAY_MESSAGES.test(error.message)
}
