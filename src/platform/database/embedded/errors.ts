import { ExpectedError } from '../../expected-error.ts'

/** The message is one line for the operator: what, why, what to do. */
export class EmbeddedPostgresError extends ExpectedError {
  override name = 'EmbeddedPostgresError'
}

/** For `catch`: null when the file is not there, any other fault goes on. */
export function absent(fault: NodeJS.ErrnoException): null {
  if (fault.code === 'ENOENT') return null
  throw fault
}

/** Refuses a second start. */
export function isRunning(pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `another undersigned runs with this DATA_DIR (process ${pid}); stop it or set DATA_DIR`,
  )
}

const LINE_PREFIX = /^.*? \[\d+\] / // log_line_prefix in launch-server.ts: time and pid

/**
 * The first line of PostgreSQL's output that names a fault, since later ones are its consequences,
 * else its last line; without the timestamp.
 */
export function faultLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const line = lines.find((text) => /\b(FATAL|PANIC|ERROR|error): /.test(text)) ?? lines.at(-1)
  return line?.replace(LINE_PREFIX, '').trim() ?? 'it said nothing'
}
