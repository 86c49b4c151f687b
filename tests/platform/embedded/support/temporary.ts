import { chmod, chown, mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ordinaryUser, weAreRoot } from './people.ts'

/** A new folder that is removed after the test, with the data that root staged for DATA_DIRs in it. */
export async function temporaryFolder(test: { after(undo: () => Promise<void>): void }) {
  const folder = await mkdtemp(join(weAreRoot ? '/tmp' : tmpdir(), 'undersigned-test-'))
  test.after(() => removeFolder(folder))
  if (weAreRoot) await chmod(folder, 0o755)
  return folder
}

/** Such a folder, of somebody who is not root. */
export async function ordinaryFolder(test: { after(undo: () => Promise<void>): void }) {
  const folder = await temporaryFolder(test)
  if (weAreRoot) await chown(folder, ordinaryUser.uid, ordinaryUser.gid)
  return folder
}

/** Removes what a DATA_DIR's link leads to in /var/lib/undersigned. */
export async function removeStagedData(dataDir: string): Promise<void> {
  const target = await readlink(join(dataDir, 'postgres')).catch(() => null)
  if (target?.startsWith('/var/lib/undersigned/')) await removeFolder(dirname(target))
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 })
}
