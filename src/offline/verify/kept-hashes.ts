import { type FileHandle, open } from 'node:fs/promises'
import type { Checkpoint } from '../../log/core/note/checkpoint.ts'
import { appendLeaf, emptyTree, rootOf } from '../../log/core/tree/grow-tree.ts'
import { HASH_BYTES } from '../../log/core/tree/hash-tree.ts'
import { type GetTile, listNewBundles, TILE_WIDTH } from '../../log/core/tree/tile.ts'
import { equalBytes } from '../../platform/bytes.ts'
import { isAbsent } from '../../platform/files/explain-errno.ts'
import { keepFile } from './keep-file.ts'
import { toVerifyError } from './verify-error.ts'

/** How a log with fewer entries relates to the one that was verified before. */
export type Shorter =
  /** Its beginning. */
  | 'prefix'
  /** Another log. */
  | 'other'
  /** The kept hashes are missing, or another log's. */
  | 'unknown'

/**
 * Keeps the hash of every entry of a verified log, 32 bytes each, one behind the other. Its checkpoint
 * alone could never tell whether a shorter log is its beginning: that takes the hashes in between.
 *
 * @param getTile of the log that was verified
 * @throws VerifyError when they can't be written
 */
export async function keepHashes(file: string, size: number, getTile: GetTile): Promise<void> {
  await keepFile(file, leafHashes(size, getTile))
}

async function* leafHashes(size: number, getTile: GetTile): AsyncGenerator<Uint8Array> {
  for (const { n, width } of listNewBundles(0, size)) {
    const bytes = await getTile(0, n, width)
    // The folder was cut meanwhile. The hashes then don't lead to the root, and prove nothing.
    if (!bytes) return
    yield bytes
  }
}

/**
 * Whether `shown` is the beginning of `kept`, by the hashes of `kept` or of a log that has grown from it.
 * Believes them only as far as they lead to `kept`'s own root.
 *
 * @throws VerifyError when the file is there and can't be read
 */
export async function compareShorter(
  file: string,
  kept: Checkpoint,
  shown: Checkpoint,
): Promise<Shorter> {
  const tree = emptyTree()
  let isPrefix = false
  try {
    const handle = await open(file)
    try {
      for await (const hash of readHashes(handle, kept.size)) {
        if (tree.size === shown.size) isPrefix = equalBytes(rootOf(tree), shown.root)
        appendLeaf(tree, hash)
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isAbsent(error)) return 'unknown'
    throw toVerifyError(file, 'read', error)
  }
  if (tree.size !== kept.size || !equalBytes(rootOf(tree), kept.root)) return 'unknown'
  return isPrefix ? 'prefix' : 'other'
}

async function* readHashes(handle: FileHandle, count: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(TILE_WIDTH * HASH_BYTES)
  for (let read = 0; read < count; ) {
    const wanted = Math.min(count - read, TILE_WIDTH) * HASH_BYTES
    const { bytesRead } = await handle.read(buffer, 0, wanted, read * HASH_BYTES)
    if (bytesRead < HASH_BYTES) return
    const whole = Math.floor(bytesRead / HASH_BYTES)
    for (let at = 0; at < whole; at++) yield buffer.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)
    read += whole
  }
}
