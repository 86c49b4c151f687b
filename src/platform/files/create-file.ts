import { randomUUID } from 'node:crypto'
import { link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './replace-file.ts'

/**
 * Makes a file that must not be there yet, whole or not at all. When this returns, it is there to stay.
 *
 * @throws EEXIST when the name is taken: a link, unlike a rename, never replaces
 */
export async function createFile(
  file: string,
  bytes: Uint8Array,
  { mode = 0o644 } = {},
): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    const handle = await open(draft, 'wx', mode)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(dirname(file))
}
