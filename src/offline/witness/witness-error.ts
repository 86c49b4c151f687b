import { ExpectedError } from '../../platform/expected-error.ts'

/** The witness can't run as asked: the message is one line that says what, why and what to do. */
export class WitnessError extends ExpectedError {}

const REASONS = new Map([
  ['ENOENT', 'its folder is not there'],
  ['ENOTDIR', 'its folder is a file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'this user may not'],
  ['EPERM', 'this user may not'],
  ['EROFS', 'that disk is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk is full'],
  ['EIO', 'the disk reports an error'],
])

/** A fault of the file system becomes a line; any other surprise stays what it is. */
export function explainFileFault(doing: string, error: unknown): unknown {
  const { syscall, code = '' } = error as NodeJS.ErrnoException
  if (!syscall) return error
  return new WitnessError(`${doing}: ${REASONS.get(code) ?? code}`, { cause: error })
}
