import { equalBytes } from '../../../platform/bytes.ts'
import { HASH_BYTES } from '../tree/hash-tree.ts'
import { type GetTile, TILE_WIDTH, type Tile } from '../tree/tile.ts'
import { bundlePath, parsePath, tilePath } from '../tree/tile-path.ts'
import type { LogFault } from './log-report.ts'

/** Compares a tile of the log with the one that follows from the entries. */
export async function checkTile(expected: Tile, getTile: GetTile): Promise<LogFault | null> {
  const path = tilePath(expected)
  const bytes = await getTile(expected.level, expected.n, expected.width)
  if (!bytes) return { problem: 'missing', path, at: null }
  if (bytes.length !== expected.bytes.length) return { problem: 'malformed', path, at: null }
  if (equalBytes(bytes, expected.bytes)) return null
  const at = bytes.findIndex((byte, position) => byte !== expected.bytes[position])
  return { problem: 'other-hash', path, at: Math.floor(at / HASH_BYTES) }
}

/** When the signed root isn't that of the entries: what differs at the bottom is an entry. */
export function blameEntries(fault: LogFault): LogFault {
  const { problem, path, at } = fault
  const place = problem === 'other-hash' ? parsePath(path) : null
  if (place?.kind !== 'tile' || place.level > 0) return fault
  return { problem: 'other-entry', path: bundlePath(place), at: place.n * TILE_WIDTH + at! }
}
