import { equalBytes } from '../../../platform/bytes.ts'
import { countEntry, createCounter } from '../entry/count-entries.ts'
import { parseEntry } from '../entry/parse-entry.ts'
import type { Checkpoint } from '../note/checkpoint.ts'
import { appendLeaf, emptyTree, type GrowingTree, rootOf } from '../tree/grow-tree.ts'
import { hashLeaf } from '../tree/hash-tree.ts'
import type { GetTile, Tile } from '../tree/tile.ts'
import { checkTile } from './check-tile.ts'
import { type LogReport, MAX_LISTED } from './log-report.ts'

/** A check on its way through the entries. */
export interface Walk {
  report: LogReport
  tree: GrowingTree
  /** Computed, and not yet compared with those of the log. */
  tiles: Tile[]
  /** Promises that are still to be met, the smallest size first. */
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
