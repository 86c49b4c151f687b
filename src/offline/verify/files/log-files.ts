import type { LogSource } from '../../../log/core/check/check-log.ts'
import { cutBundle, MAX_ENTRY_BYTES } from '../../../log/core/entry/entry-bundle.ts'
import { HASH_BYTES } from '../../../log/core/tree/hash-tree.ts'
import { type BundlePlace, TILE_WIDTH, type TilePlace } from '../../../log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../../log/core/tree/tile-path.ts'

/** The files of a log by path (`checkpoint`, `vkey`, `tile/…`), on a disk or on a site. */
export interface LogFiles {
  /**
   * A file's bytes, null when it isn't there. Of a longer one `limit` + 1 bytes: enough to tell that
   * it is too long.
   */
  read(path: string, limit: number): Promise<Uint8Array | null>
  /** Widths of the partial files beside a missing one, ascending; where they can be listed. */
  listWidths?(fullPath: string): Promise<number[]>
}

export const CHECKPOINT_LIMIT = 1_000_000
export const VKEY_LIMIT = 10_000

export const tileLimit = (width: number) => width * HASH_BYTES
export const bundleLimit = (width: number) => width * (2 + MAX_ENTRY_BYTES)

/**
 * Tiles and bundles out of files. Where a partial one is gone, since a wider one took its place, it is
 * cut from that one's beginning.
 */
export function readTiles(files: LogFiles): Omit<LogSource, 'checkpoint'> {
  return {
    getTile: (level, n, width) => {
      const place = { level, n, width }
      return readOrCut(files, place, tilePathOf, tileLimit, (wider) =>
        wider.subarray(0, tileLimit(width)),
      )
    },
    getBundle: (n, width) => {
      // What can't be cut stays as it is, for the check to refuse.
      const cut = (wider: Uint8Array) => cutBundle(wider, width) ?? wider
      return readOrCut(files, { n, width }, bundlePath, bundleLimit, cut)
    },
  }
}

const tilePathOf = (place: BundlePlace) => tilePath(place as TilePlace)

async function readOrCut<P extends BundlePlace>(
  files: LogFiles,
  place: P,
  pathOf: (place: P) => string,
  limitOf: (width: number) => number,
  cut: (wider: Uint8Array) => Uint8Array,
): Promise<Uint8Array | null> {
  const exact = await files.read(pathOf(place), limitOf(place.width))
  if (exact || place.width === TILE_WIDTH) return exact
  const fullPath = pathOf({ ...place, width: TILE_WIDTH })
  const partial = (await files.listWidths?.(fullPath)) ?? []
  for (const width of [TILE_WIDTH, ...partial.filter((width) => width > place.width)]) {
    const wider = await files.read(pathOf({ ...place, width }), limitOf(width))
    if (wider) return cut(wider)
  }
  return null
}
