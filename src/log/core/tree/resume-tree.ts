import { checkNatural } from '../canonical.ts'
import { emptyEdge, emptyTree, type GrowingTree } from './grow-tree.ts'
import { HASH_BYTES, rootOfHashes } from './hash-tree.ts'
import { readTile } from './read-subtrees.ts'
import { splitRange } from './split-range.ts'
import { type GetTile, TILE_WIDTH } from './tile.ts'

/**
 * The tree of a log of that size, from the partial tiles at its right edge: one a level, so four for
 * a billion entries. The caller must compare its root with the checkpoint's before growing it.
 *
 * @throws MalformedError when a tile is missing or of another length.
 */
export async function resumeTree(size: number, getTile: GetTile): Promise<GrowingTree> {
  const tree = emptyTree()
  tree.size = checkNatural(size)
  for (let level = 0, hashes = size; hashes > 0; level++) {
    const edge = emptyEdge(Math.floor(hashes / TILE_WIDTH))
    edge.width = hashes % TILE_WIDTH
    if (edge.width > 0) {
      edge.hashes.set(await readTile(getTile, { level, n: edge.n, width: edge.width }))
      tree.peaks.unshift(...peaksOf(edge.hashes, edge.width))
    }
    tree.edges.push(edge)
    hashes = edge.n
  }
  return tree
}

function peaksOf(hashes: Uint8Array, width: number): Uint8Array[] {
  return splitRange(0, width).map(({ start, height }) => {
    const own = hashes.slice(start * HASH_BYTES, (start + 2 ** height) * HASH_BYTES)
    return rootOfHashes(own, 0, 2 ** height)
  })
}
