import { SQL_STATE } from './sql-state.ts'

/** SQLSTATE classes of passing faults: connection, resources, operator intervention, system. */
const AWAY_CLASSES = ['08', '53', '57', '58']
const AWAY_CODES = new Set<string>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // A standby, or a former primary after a failover: nothing can be recorded, as if it were gone.
  SQL_STATE.readOnly,
])

/** pg's own errors carry no code for these. */
const AWAY_MESSAGES =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Client has encountered a connection error)/

/**
 * The pool gave a connection up, or knows that it would get none. Whether the database has done what the statement
 * asked is not known: to ask it again must be harmless.
 */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway'
  readonly code = 'ETIMEDOUT'
}

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

/** What is logged of such an error, so that equal ones are counted together. */
export const kindOfAway = (error: Error): string =>
  String((error as { code?: unknown }).code ?? error.message)
