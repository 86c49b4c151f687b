import { chmod, mkdir, stat } from 'node:fs/promises'
import { EmbeddedPostgresError } from './embedded-error.ts'

/**
 * A folder of root's that everyone can pass through and nobody else can write, made when it is not
 * there. One that others can write is refused: what lies in it will be run or trusted.
 */
export async function systemFolder(path: string): Promise<string> {
  const made = await mkdir(path, { recursive: true })
  if (made) await chmod(path, 0o755) // whatever the umask; only the folder that we made
  const { uid, mode } = await stat(path)
  if (uid !== 0 || mode & 0o022) {
    throw new EmbeddedPostgresError(
      `${path} must belong to root and be writable by nobody else; correct that, or set DATA_DIR ` +
        'to a folder that every user can enter',
    )
  }
  return path
}
