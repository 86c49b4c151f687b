import { checkNatural } from '../canonical.ts'
import { HASH_BYTES } from './hash-tree.ts'

/** c2sp.org/tlog-tiles: a tile is a subtree of height 8, given by the hashes at its bottom. */
export const TILE_HEIGHT = 8
export const TILE_WIDTH = 2 ** TILE_HEIGHT
export const FULL_TILE_BYTES = TILE_WIDTH * HASH_BYTES

/** Hashes n × 256 to n × 256 + width − 1 of a level; one at level l covers 256^l entries. */
export interface TileCoordinates {
  level: number
  /** The tile's number in its level, from 0. */
  n: number
  /** Hashes in it: 256 when full, 1 to 255 at the right edge. */
  width: number
}

export interface Tile extends TileCoordinates {
  /** width × 32 bytes. */
  bytes: Uint8Array
}

/** A bundle has the entries of the tile of level 0 with the same number: 256, the last one fewer. */
export type BundleCoordinates = Pick<TileCoordinates, 'n' | 'width'>

/**
 * Reads a tile as it was written for some size of the log; null when there is none. Where only the
 * full tile is kept any more, the reader cuts the width it is asked for from its beginning.
 */
export type GetTile = (level: number, n: number, width: number) => Promise<Uint8Array | null>

/** All tiles of a log of that size, by level and number. */
export function listTiles(size: number): TileCoordinates[] {
  return listNewTiles(0, size)
}

/**
 * The tiles that a log must write to grow: new ones, and those at the edge under their new width. Nothing that
 * was written before is ever changed.
 */
export function listNewTiles(from: number, to: number): TileCoordinates[] {
  if (checkNatural(from) > checkNatural(to))
    throw new RangeError(`no log shrinks: ${from} to ${to}`)
  const tiles: TileCoordinates[] = []
  let before = from
  let after = to
  for (let level = 0; after > 0; level++) {
    if (before < after) {
      for (let n = tilesFull(before); n <= tilesFull(after); n++) {
        const width = Math.min(after - n * TILE_WIDTH, TILE_WIDTH)
        if (width > 0) tiles.push({ level, n, width })
      }
    }
    before = tilesFull(before)
    after = tilesFull(after)
  }
  return tiles
}

export function listNewBundles(from: number, to: number): BundleCoordinates[] {
  return listNewTiles(from, to)
    .filter(({ level }) => level === 0)
    .map(({ n, width }) => ({ n, width }))
}

/** How wide tile n of a level is in a log of that size; 0 when it isn't there. */
export function tileWidth(size: number, level: number, n: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level) - n * TILE_WIDTH
  return Math.max(0, Math.min(hashes, TILE_WIDTH))
}

function tilesFull(hashes: number): number {
  return Math.floor(hashes / TILE_WIDTH)
}
