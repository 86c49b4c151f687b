import { createHash } from 'node:crypto'
import { rename, stat, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { absent } from './embedded-error.ts'
import { systemFolder } from './system-folder.ts'

const STATE = '/var/lib/undersigned' // survives reboots, unlike /tmp and /run

/**
 * Gives the cluster a place in a system folder and links `home`, DATA_DIR/postgres, to it. The link
 * comes first: a start that is killed after it finds the link without data and makes the data.
 */
export async function stageCluster(home: string): Promise<void> {
  const name = createHash('sha256').update(dirname(home)).digest('hex').slice(0, 16)
  const folder = await systemFolder(join(await systemFolder(STATE), name))
  const data = join(folder, 'postgres')
  try {
    await symlink(data, home)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return // another start was quicker
    throw error
  }
  // Data without a link belongs to a DATA_DIR of this path that was deleted. Its owner expects to
  // begin anew, yet may have meant to keep it.
  if (!(await stat(data).catch(absent))) return
  await rename(data, `${data}.set-aside-${(await stat(data)).mtime.toISOString()}`)
}
