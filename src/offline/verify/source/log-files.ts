import type { LogSource } from '../../../log/core/check-log.ts'
import { cutBundle, MAX_ENTRY_BYTES } from '../../../log/core/entry/entry-bundle.ts'
import { HASH_BYTES } from '../../../log/core/tree/hash-tree.ts'
import {
  type BundleCoordinates,
  TILE_WIDTH,
  type TileCoordinates,
  tileWidth,
} from '../../../log/core/tree/tile.ts'
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
const bundleLimit = (width: number) => width * (2 + MAX_ENTRY_BYTES)

/**
 * Tiles and bundles out of files. A partial one that was replaced by a wider one is cut from the
 * beginning of that.
 */
export function readTiles(files: LogFiles): Omit<LogSource, 'checkpoint'> {
  return {
    getTile: (level, n, width) => {
      const tile = { level, n, width }
      return readOrCut(files, tile, tilePathOf, tileLimit, (wider) =>
        wider.subarray(0, tileLimit(width)),
      )
    },
    getBundle: (n, width) => {
      // A bundle that can't be cut stays as it is, for the check to refuse.
      const cut = (wider: Uint8Array) => cutBundle(wider, width) ?? wider
      return readOrCut(files, { n, width }, bundlePath, bundleLimit, cut)
    },
  }
}

const tilePathOf = (tile: BundleCoordinates) => tilePath(tile as TileCoordinates)

async function readOrCut<P extends BundleCoordinates>(
  files: LogFiles,
  tile: P,
  pathOf: (tile: P) => string,
  limitOf: (width: number) => number,
  cut: (wider: Uint8Array) => Uint8Array,
): Promise<Uint8Array | null> {
  const exact = await files.read(pathOf(tile), limitOf(tile.width))
  if (exact || tile.width === TILE_WIDTH) return exact
  const fullPath = pathOf({ ...tile, width: TILE_WIDTH })
  const partial = (await files.listWidths?.(fullPath)) ?? []
  for (const width of [TILE_WIDTH, ...partial.filter((width) => width > tile.width)]) {
    const wider = await files.read(pathOf({ ...tile, width }), limitOf(width))
    if (wider) return cut(wider)
  }
  return null
}

/** Files of a kind that are being read while earlier ones are checked. */
const AHEAD = 4

/**
 * The same source, for a walk from the first entry to the last: the next files are read before they
 * are asked for.
 */
export function readAhead(source: LogSource, size: number): LogSource {
  const nextBundle = createLane(size, (n, width) => source.getBundle(n, width))
  const nextTile = createLane(size, (n, width) => source.getTile(0, n, width))
  return {
    checkpoint: source.checkpoint,
    getBundle: nextBundle,
    getTile: (level, n, width) =>
      level === 0 ? nextTile(n, width) : source.getTile(level, n, width),
  }
}

type Read = (n: number, width: number) => Promise<Uint8Array | null>

function createLane(size: number, read: Read): Read {
  const begun = new Map<number, Promise<Uint8Array | null>>()
  const count = Math.ceil(size / TILE_WIDTH)

  function begin(n: number): Promise<Uint8Array | null> {
    const reading = read(n, tileWidth(size, 0, n))
    // The caller who awaits it gets the error; unawaited, it must not end the process.
    reading.catch(() => {})
    begun.set(n, reading)
    return reading
  }

  return (n, width) => {
    if (width !== tileWidth(size, 0, n)) return read(n, width)
    for (let next = n; next < Math.min(n + AHEAD, count); next++) {
      if (!begun.has(next)) begin(next)
    }
    const reading = begun.get(n) ?? read(n, width)
    begun.delete(n)
    return reading
  }
}
