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

/** What a second start says. */
export function isRunning(pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `another undersigned runs with this DATA_DIR (process ${pid}); stop it or set DATA_DIR`,
  )
}
