import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LogSource } from '../../log/core/check/check-log.ts'
import { type BundlePlace, TILE_WIDTH, type TilePlace } from '../../log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../log/core/tree/tile-path.ts'
import { folderFiles } from './files/folder-files.ts'
import { readTiles, tileLimit } from './files/log-files.ts'
import { writeWhole } from './files/write-whole.ts'

/** A log on its way to the disk: what is there already needs no second download. */
export interface LogCopy extends Omit<LogSource, 'checkpoint'> {
  folder: string
  holdsTile(place: TilePlace): Promise<boolean>
  holdsBundle(place: BundlePlace): Promise<boolean>
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
    holdsTile: async (place) =>
      (await isThere(tilePath(place), tileLimit(place.width))) ||
      isThere(tilePath({ ...place, width: TILE_WIDTH }), tileLimit(TILE_WIDTH)),
    holdsBundle: async (place) =>
      (await isThere(bundlePath(place), null)) ||
      isThere(bundlePath({ ...place, width: TILE_WIDTH }), null),
    write: (path, bytes) => writeWhole(join(folder, path), bytes),
    async remove() {
      // Only what belongs to a log: the folder may be one that somebody named.
      for (const name of ['checkpoint', 'vkey', 'tile']) {
        await rm(join(folder, name), { recursive: true, force: true })
      }
    },
  }
}
