import { resolve } from 'node:path'

/** The message is one line for the operator: what, why, what to do. */
export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError'
}

const FAULTS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file is where a folder should be',
  EEXIST: 'a file is where a folder should be',
  ENOENT: 'it is not there and cannot be made',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links go in a circle',
  EBUSY: 'it is in use or a mount point',
  EIO: 'the device reports an error',
  EMFILE: 'too many open files',
}

/** A file-system fault becomes a line about DATA_DIR; any other surprise stays what it is. */
export function explainFault(fault: unknown, dataDir: string): unknown {
  const { code, syscall, path } = fault as NodeJS.ErrnoException
  const words = code && FAULTS[code]
  if (fault instanceof EmbeddedPostgresError || !words || !path) return fault
  return new EmbeddedPostgresError(
    `DATA_DIR ${resolve(dataDir)} cannot be used: ${words} (${syscall} ${path}); ` +
      'make it a writable folder with space, or set DATA_DIR to one',
    { cause: fault },
  )
}

/** For `catch`: null when the file is not there, any other fault goes on. */
export function absent(fault: NodeJS.ErrnoException): null {
  if (fault.code === 'ENOENT') return null
  throw fault
}
