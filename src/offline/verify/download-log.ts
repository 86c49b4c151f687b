import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogSource } from '../../log/core/check-log.ts'
import { MAX_LISTED } from '../../log/core/log-report.ts'
import {
  type BundleCoordinates,
  listNewBundles,
  listTiles,
  TILE_WIDTH,
  type TileCoordinates,
} from '../../log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../log/core/tree/tile-path.ts'
import { keepFile } from './keep-file.ts'
import { folderFiles } from './source/folder-files.ts'
import { readTiles, tileLimit } from './source/log-files.ts'

/** Requests under way at a time. */
const CONCURRENCY = 8

interface Downloaded {
  /** Files that an earlier run had downloaded. */
  reused: number
}

/**
 * Downloads the files of a log of that size into the copy. The check reports those that the site
 * doesn't have.
 *
 * @param onFile entries: those that the file brings
 * @throws VerifyError when the site can't be reached, or the disk is full
 */
export async function downloadLog(
  from: Omit<LogSource, 'checkpoint'>,
  copy: LogCopy,
  size: number,
  onFile: (file: { entries: number; bytes: number }) => void,
): Promise<Downloaded> {
  const files = listFiles(size)
  let reused = 0
  let missing = 0
  let failed = false

  async function work() {
    for (const file of files) {
      // A check lists no more than that.
      if (failed || missing > MAX_LISTED) return
      try {
        await bring(file)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }

  async function bring({ tile, entries }: LogFile) {
    const { level, n, width } = tile
    if (entries ? await copy.holdsBundle(tile) : await copy.holdsTile(tile)) {
      reused++
      onFile({ entries: entries ? width : 0, bytes: 0 })
      return
    }
    const bytes = await (entries ? from.getBundle(n, width) : from.getTile(level, n, width))
    if (!bytes) {
      missing++
      return
    }
    await copy.write(entries ? bundlePath(tile) : tilePath(tile), bytes)
    onFile({ entries: entries ? width : 0, bytes: bytes.length })
  }

  const results = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
  return { reused }
}

interface LogFile {
  tile: TileCoordinates
  /** Whether it holds entries, else hashes. */
  entries: boolean
}

function* listFiles(size: number): Generator<LogFile> {
  for (const tile of listNewBundles(0, size)) {
    yield { tile: { ...tile, level: 0 }, entries: true }
  }
  for (const tile of listTiles(size)) yield { tile, entries: false }
}

/** A log on its way to the disk: files that are there already aren't downloaded again. */
export interface LogCopy extends Omit<LogSource, 'checkpoint'> {
  folder: string
  holdsTile(tile: TileCoordinates): Promise<boolean>
  holdsBundle(tile: BundleCoordinates): Promise<boolean>
  write(path: string, bytes: string | Uint8Array): Promise<void>
  remove(): Promise<void>
}

export function openCopy(folder: string): LogCopy {
  const isThere = (path: string, length: number | null) =>
    stat(join(folder, path)).then(
      (stats) => stats.isFile() && stats.size > 0 && (length === null || stats.size === length),
      () => false,
    )
  return {
    folder,
    ...readTiles(folderFiles(folder)),
    holdsTile: async (tile) =>
      (await isThere(tilePath(tile), tileLimit(tile.width))) ||
      isThere(tilePath({ ...tile, width: TILE_WIDTH }), tileLimit(TILE_WIDTH)),
    holdsBundle: async (tile) =>
      (await isThere(bundlePath(tile), null)) ||
      isThere(bundlePath({ ...tile, width: TILE_WIDTH }), null),
    write: (path, bytes) => keepFile(join(folder, path), bytes),
    async remove() {
      // Only a log's own files: the folder may be one that the user named.
      for (const name of ['checkpoint', 'vkey', 'tile']) {
        await rm(join(folder, name), { recursive: true, force: true })
      }
    },
  }
}
