import { ExpectedError } from '../../platform/expected-error.ts'

/** An export can't be opened as asked: the message is one line that says what, why and what to do. */
export class UnsealError extends ExpectedError {}

const REASONS = new Map([
  ['ENOENT', 'it is not there'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'this user may not read it'],
])

/** @returns what isn't about reading as it came */
export function explainReadError(path: string, error: unknown): unknown {
  const { syscall, code = '' } = error as NodeJS.ErrnoException
  if (!syscall) return error
  return new UnsealError(`${path} can't be read: ${REASONS.get(code) ?? code}; check its name`)
}
