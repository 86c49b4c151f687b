import { Logger } from 'graphile-worker'
import { isDatabaseAway } from '../database/unavailable.ts'

export interface RunnerLogger {
  error(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/**
 * Drops graphile-worker's lines about single jobs: their number and times would tell whether a request for a
 * withdrawal link had a mail sent. Lines name tasks and ids; we keep payloads out.
 *
 * @param onAway is told instead of the logger that the database is away, which all lanes notice at once
 */
export function createRunnerLogger(logger: RunnerLogger, onAway: (error: unknown) => void): Logger {
  return new Logger(() => (level, message, meta) => {
    const error = meta?.error
    if (isDatabaseAway(error)) return onAway(error)
    const fields = error instanceof Error ? { err: error } : {}
    if (level === 'error') logger.error(fields, message)
    else if (level === 'warning') logger.warn(fields, message)
  })
}
