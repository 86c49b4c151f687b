import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Account, chooseAccount } from '../../../src/platform/database/embedded/account.ts'
import type { Programs } from './find-programs.ts'

/** Where everything of one run lies, and as whom the servers run. */
export interface Place<P = Programs> {
  programs: P
  /** Of the servers' account, which is another than ours when we are root. */
  folder: string
  account: Account | null
  /** Of the database's only role. */
  password: string
  dataDir(node: string): string
  logFile(part: string): string
  /** A file in the folder that the servers' account may read, and nobody else. */
  write(name: string, text: string): Promise<string>
  remove(): Promise<void>
}

export async function makePlace<P>(programs: P): Promise<Place<P>> {
  const scratch = await mkdtemp(join(tmpdir(), 'undersigned-scale-'))
  const folder = join(scratch, 'servers')
  await mkdir(folder)
  const account = await chooseAccount(folder)
  // The servers' account has to pass through.
  await chmod(scratch, 0o711)
  if (account) await chown(folder, account.uid, account.gid)
  return {
    programs,
    folder,
    account,
    password: randomBytes(18).toString('hex'),
    dataDir: (node) => join(scratch, `data-${node}`),
    logFile: (part) => join(scratch, `${part}.log`),
    async write(name, text) {
      const file = join(folder, name)
      await writeFile(file, text, { mode: 0o600 })
      if (account) await chown(file, account.uid, account.gid)
      return file
    },
    remove: () => rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 }),
  }
}
