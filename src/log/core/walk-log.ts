import { equalBytes } from '../../platform/bytes.ts'
import { countEntry, createCounter } from './entry/count-entries.ts'
import { parseEntry } from './entry/entry-line.ts'
import { type LogFault, type LogReport, MAX_LISTED } from './log-report.ts'
import type { Checkpoint } from './note/checkpoint.ts'
import { appendLeaf, emptyTree, type GrowingTree, rootOf } from './tree/grow-tree.ts'
import { HASH_BYTES, hashLeaf } from './tree/hash-tree.ts'
import { type GetTile, TILE_WIDTH, type Tile } from './tree/tile.ts'
import { bundlePath, parsePath, tilePath } from './tree/tile-path.ts'

/** A check on its way through the entries. */
interface Walk {
  report: LogReport
  tree: GrowingTree
  /** Computed, and not yet compared with those of the log. */
  tiles: Tile[]
  /** Checkpoints that the walk has not yet reached, the smallest size first. */
  earlier: Checkpoint[]
}

export function startWalk(earlier: Checkpoint[]): Walk {
  const walk: Walk = {
    report: {
      ok: false,
      faults: [],
      ignored: [],
      checkpoint: null,
      cosigned: [],
      counter: createCounter(),
    },
    tree: emptyTree(),
    tiles: [],
    earlier: [...earlier].sort((a, b) => a.size - b.size),
  }
  keepPromises(walk)
  return walk
}

/** @param path the bundle that holds the entry */
export function takeEntry(walk: Walk, bytes: Uint8Array, path: string): void {
  const { report, tree, tiles } = walk
  const index = tree.size
  const effect = countEntry(report.counter, parseEntry(bytes))
  if (effect === 'invalid') {
    report.faults.push({ problem: 'invalid-entry', path, at: index })
  } else if (effect === 'already-taken-out' || effect === 'no-such-signature') {
    if (report.ignored.length < MAX_LISTED) report.ignored.push({ index, effect })
  }
  appendLeaf(tree, hashLeaf(bytes), (tile) => tiles.push(tile))
  keepPromises(walk)
}

export async function checkTiles({ tiles, report }: Walk, getTile: GetTile): Promise<void> {
  const faults = await Promise.all(tiles.splice(0).map((tile) => checkTile(tile, getTile)))
  report.faults.push(...faults.flatMap((fault) => fault ?? []))
}

function keepPromises({ earlier, tree, report }: Walk): void {
  while (earlier[0]?.size === tree.size) {
    const { root, size } = earlier.shift()!
    if (!equalBytes(root, rootOf(tree))) {
      report.faults.push({ problem: 'rewritten', path: 'checkpoint', at: size })
    }
  }
}

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

/** When the signed root isn't that of the entries: a differing hash of level 0 is a changed entry. */
export function blameEntries(fault: LogFault): LogFault {
  const { problem, path, at } = fault
  const tile = problem === 'other-hash' ? parsePath(path) : null
  if (tile?.kind !== 'tile' || tile.level > 0) return fault
  return { problem: 'other-entry', path: bundlePath(tile), at: tile.n * TILE_WIDTH + at! }
}
