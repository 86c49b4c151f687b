type Act = 'read' | 'written'

/**
 * Why a call to the file system or the network failed, by the system's code (errno, and those of
 * Node.js's fetch). Two texts where a reader and a writer of a file need different advice.
 */
const REASONS: Readonly<Record<string, string | Readonly<Record<Act, string>>>> = {
  ENOENT: { read: 'it is not there', written: 'its folder is not there' },
  ENOTDIR: { read: 'it is not there', written: 'its folder is not a folder' },
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  EACCES: { read: 'this user may not read it', written: 'this user may not write there' },
  EPERM: { read: 'this user may not read it', written: 'this user may not write there' },
  EROFS: 'that disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EFBIG: 'that disk holds no file so large',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'its symbolic links go in a circle',
  EBUSY: 'it is in use',
  EMFILE: 'too many files are open',
  ENOTFOUND: 'there is no site of that name',
  EAI_AGAIN: "its name can't be looked up now",
  ECONNREFUSED: 'nothing answers there',
  ECONNRESET: 'the connection breaks off',
  UND_ERR_SOCKET: 'the connection breaks off',
  ETIMEDOUT: 'it does not answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer in time',
  ENETUNREACH: 'there is no way to it from here',
  EHOSTUNREACH: 'there is no way to it from here',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer is cut off',
}

/** Null for a code that has no words here. */
export function findReason(code: string, act: Act = 'read'): string | null {
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code]! : null
  return typeof reason === 'string' ? reason : (reason?.[act] ?? null)
}

/** `<name> can't be read: it is not there`; null for an error that isn't the file system's. */
export function explainFileError(name: string, act: Act, error: unknown): string | null {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  return syscall ? `${name} can't be ${act}: ${findReason(code, act) ?? code}` : null
}

/** Whether the error says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}
