import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Db } from '../../database.ts'
import { replaceFile } from '../../platform/files/replace-file.ts'
import { encodeText } from '../core/bytes/text.ts'
import { parseCheckpoint } from '../core/checkpoint/checkpoint.ts'
import { attempt, MalformedError } from '../core/malformed.ts'
import { parseNote } from '../core/note/note.ts'
import { listNewBundles, listNewTiles, TILE_WIDTH, type TilePlace } from '../core/tile/tile.ts'
import { bundlePath, tilePath } from '../core/tile/tile-path.ts'
import { findState } from '../store/log-state.ts'
import { createGetTile, getBundle } from '../store/read-log.ts'

/** Files written at the same time. */
const LANES = 16

/**
 * Brings the copy of the log in a folder up to the published checkpoint: the same files as below /log/,
 * for "log rebuild", for a mirror and for "verify". What lies there beyond the folder's own checkpoint
 * is provisional and is written again; the checkpoint comes last.
 */
export async function copyLog(db: Db, folder: string): Promise<void> {
  const state = (await findState(db))!
  if (state.published === null) return
  const before = await sizeOfCopy(folder)
  const known = await readFile(join(folder, 'checkpoint')).catch(() => null)
  if (known?.equals(state.publishedNote!)) return
  const from = before <= state.published ? before : 0
  await copyFiles(db, folder, from, state.published)
  await replaceFile(join(folder, 'vkey'), encodeText(`${state.vkey}\n`))
  await replaceFile(join(folder, 'checkpoint'), state.publishedNote!)
  await dropReplaced(folder, from, state.published)
}

/** 0 when there is no copy, or none that can be read. */
export async function sizeOfCopy(folder: string): Promise<number> {
  const note = await readFile(join(folder, 'checkpoint')).catch(() => null)
  if (!note) return 0
  const checkpoint = attempt(() => parseCheckpoint(parseNote(note).text))
  return checkpoint instanceof MalformedError ? 0 : checkpoint.size
}

async function copyFiles(db: Db, folder: string, from: number, to: number): Promise<void> {
  const getTile = createGetTile(db)
  const files = [
    ...listNewTiles(from, to).map((place) => ({
      path: tilePath(place),
      read: () => getTile(place.level, place.n, place.width),
    })),
    ...listNewBundles(from, to).map((place) => ({
      path: bundlePath(place),
      read: () => getBundle(db, place.n, place.width),
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
 * Removes the partial files of the size before: what grew has them as its beginning. An edge that did
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
function edgeOf(size: number): TilePlace[] {
  const edge: TilePlace[] = []
  for (let level = 0, hashes = size; hashes > 0; level++) {
    const n = Math.floor(hashes / TILE_WIDTH)
    if (hashes % TILE_WIDTH > 0) edge.push({ level, n, width: hashes % TILE_WIDTH })
    hashes = n
  }
  return edge
}
