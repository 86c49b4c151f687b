import { VerifyError } from '../verify-error.ts'

const REASONS = new Map([
  ['ENOENT', 'it is not there'],
  ['EISDIR', 'it is no plain file'],
  ['ENOTDIR', 'its folder is not a folder'],
  ['EEXIST', 'something else is there'],
  ['EACCES', 'this user may not'],
  ['EPERM', 'this user may not'],
  ['EROFS', 'that disk is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk is full'],
])

export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** @returns what isn't about a file as it came */
export function explainFileError(path: string, verb: 'read' | 'written', error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (!code || !/^E[A-Z]+$/.test(code)) return error
  const advice = verb === 'read' ? 'check its name and rights' : 'make room for it or name another'
  return new VerifyError(`${path} can't be ${verb}: ${REASONS.get(code) ?? code}; ${advice}`)
}
