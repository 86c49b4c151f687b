import { MalformedError } from '../canonical.ts'
import { HASH_BYTES, hashNode, rootOfHashes } from './hash-tree.ts'
import { type Subtree, splitRange } from './split-range.ts'
import { type GetTile, TILE_HEIGHT, TILE_WIDTH, type TileCoordinates, tileWidth } from './tile.ts'
import { tilePath } from './tile-path.ts'

/** Leaves from `start` to before `end`. */
export type Range = [start: number, end: number]

/**
 * The roots of ranges that RFC 6962 splits a log of that size into, from its tiles. Each tile is read
 * once, all at the same time.
 *
 * @throws MalformedError when a tile is missing or of another length. That its hashes are right only
 *   a verified proof shows.
 */
export async function readRoots(
  ranges: Range[],
  size: number,
  getTile: GetTile,
): Promise<Uint8Array[]> {
  const parts = ranges.map(([start, end]) =>
    splitRange(start, end).map((tree) => locate(tree, size)),
  )
  const wanted = new Map(parts.flat().map(({ tile }) => [tilePath(tile), tile]))
  const tiles = new Map(
    await Promise.all(
      [...wanted].map(async ([path, tile]) => [path, await readTile(getTile, tile)] as const),
    ),
  )
  return parts.map((subtrees) =>
    subtrees
      .map(({ tile, first, count }) => rootOfHashes(tiles.get(tilePath(tile))!, first, count))
      .reduceRight((right, left) => hashNode(left, right)),
  )
}

interface Located {
  tile: TileCoordinates
  /** Which hashes of the tile are the subtree's bottom. */
  first: number
  count: number
}

function locate({ start, height }: Subtree, size: number): Located {
  const level = Math.floor(height / TILE_HEIGHT)
  const position = start / TILE_WIDTH ** level
  const n = Math.floor(position / TILE_WIDTH)
  return {
    tile: { level, n, width: tileWidth(size, level, n) },
    first: position % TILE_WIDTH,
    count: 2 ** (height % TILE_HEIGHT),
  }
}

/** A tile's bytes. @throws MalformedError when it is missing or not width × 32 bytes long. */
export async function readTile(getTile: GetTile, tile: TileCoordinates): Promise<Uint8Array> {
  const bytes = await getTile(tile.level, tile.n, tile.width)
  if (!bytes) throw new MalformedError(tilePath(tile), 'missing')
  if (bytes.length !== tile.width * HASH_BYTES) {
    throw new MalformedError(
      tilePath(tile),
      `${bytes.length} bytes, not ${tile.width * HASH_BYTES}`,
    )
  }
  return bytes
}
