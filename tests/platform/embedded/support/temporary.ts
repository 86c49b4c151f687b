import { chmod, chown, mkdtemp, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { ordinaryUser, weAreRoot } from './people.ts'
import { undoAfter } from './undo.ts'

/** A new folder that everyone can enter, removed after the test. */
export async function temporaryFolder(t: TestContext) {
  const folder = await mkdtemp(join(weAreRoot ? '/tmp' : tmpdir(), 'undersigned-test-'))
  undoAfter(t, () => removeFolder(folder))
  if (weAreRoot) await chmod(folder, 0o755)
  return folder
}

/** Such a folder, of somebody who is not root. */
export async function ordinaryFolder(t: TestContext) {
  const folder = await temporaryFolder(t)
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
