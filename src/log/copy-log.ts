import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Db } from '../database.ts'
import { replaceFile } from '../platform/files/write-whole.ts'
import { attempt, encodeUtf8, MalformedError } from './core/canonical.ts'
import { parseCheckpoint } from './core/note/checkpoint.ts'
import { parseNote } from './core/note/note.ts'
import { listNewBundles, listNewTiles, TILE_WIDTH, type TileCoordinates } from './core/tree/tile.ts'
import { bundlePath, tilePath } from './core/tree/tile-path.ts'
import { createGetTile, getBundle } from './store/bundles-and-tiles.ts'
import { findState } from './store/log-state.ts'

/** Files written at the same time. */
const LANES = 16

/**
 * Brings the copy of the log in a folder up to a signed checkpoint: the same files as below /log/, for
 * "log rebuild", for a mirror and for "verify". Files beyond the folder's own checkpoint are provisional
 * and are written again; the checkpoint comes last.
 */
export async function copyLog(
  db: Db,
  folder: string,
  { size, note }: { size: number; note: Uint8Array },
): Promise<void> {
  const known = await sizeOfCopy(folder)
  if (known === size) return keepCopied(folder, note)
  const from = known !== null && known < size ? known : 0
  await copyFiles(db, folder, from, size)
  await replaceFile(join(folder, 'vkey'), encodeUtf8(`${(await findState(db))!.vkey}\n`))
  await keepCopied(folder, note)
  await dropReplaced(folder, from, size)
}

/** Puts the checkpoint, or the same one with more signatures, over a copy of its size. */
export async function keepCopied(folder: string, note: Uint8Array): Promise<void> {
  const path = join(folder, 'checkpoint')
  const known = await readFile(path).catch(() => null)
  if (!known?.equals(note)) await replaceFile(path, note)
}

/** Null when there is no copy, or none that can be read. */
async function sizeOfCopy(folder: string): Promise<number | null> {
  const note = await readFile(join(folder, 'checkpoint')).catch(() => null)
  if (!note) return null
  const checkpoint = attempt(() => parseCheckpoint(parseNote(note).text))
  return checkpoint instanceof MalformedError ? null : checkpoint.size
}

async function copyFiles(db: Db, folder: string, from: number, to: number): Promise<void> {
  const getTile = createGetTile(db)
  const files = [
    ...listNewTiles(from, to).map((tile) => ({
      path: tilePath(tile),
      read: () => getTile(tile.level, tile.n, tile.width),
    })),
    ...listNewBundles(from, to).map((bundle) => ({
      path: bundlePath(bundle),
      read: () => getBundle(db, bundle.n, bundle.width),
    })),
  ]
  for (let at = 0; at < files.length; at += LANES) {
    await Promise.all(
      files.slice(at, at + LANES).map(async ({ path, read }) => {
        const bytes = await read()
        if (!bytes) throw new Error(`the log in the database lacks ${path}`)
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), bytes, { flush: true })
      }),
    )
  }
}

/**
 * Removes the partial files of the size before: the grown files begin with them. An edge that did
 * not grow is still the log's.
 */
async function dropReplaced(folder: string, from: number, to: number): Promise<void> {
  const grown = new Set(listNewTiles(from, to).map(({ level, n }) => `${level}/${n}`))
  const old = edgeOf(from)
    .filter(({ level, n }) => grown.has(`${level}/${n}`))
    .flatMap((tile) => (tile.level === 0 ? [tilePath(tile), bundlePath(tile)] : [tilePath(tile)]))
  await Promise.all(old.map((path) => rm(join(folder, path), { force: true })))
}

/** The partial tiles at the edge of a log of that size. */
function edgeOf(size: number): TileCoordinates[] {
  const edge: TileCoordinates[] = []
  for (let level = 0, hashes = size; hashes > 0; level++) {
    const n = Math.floor(hashes / TILE_WIDTH)
    if (hashes % TILE_WIDTH > 0) edge.push({ level, n, width: hashes % TILE_WIDTH })
    hashes = n
  }
  return edge
}
