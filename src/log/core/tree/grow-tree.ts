import { checkHash, EMPTY_ROOT, HASH_BYTES, hashNode } from './hash-tree.ts'
import { half, isOdd } from './split-range.ts'
import { listNewTiles, TILE_HEIGHT, TILE_WIDTH, type Tile } from './tile.ts'

/**
 * The state that a log needs to grow: a few kilobytes, whatever its size. One hash
 * a leaf and about one a node are made; nothing is read again.
 */
export interface GrowingTree {
  size: number
  /** Roots of the subtrees without gaps that make up the log, largest first: one a bit of size. */
  peaks: Uint8Array[]
  /** The tile at the right edge of each level, as far as it is filled: 0 to 255 hashes. */
  edges: Edge[]
}

export interface Edge {
  hashes: Uint8Array
  width: number
  /** The tile's number in its level. */
  n: number
}

export function emptyTree(): GrowingTree {
  return { size: 0, peaks: [], edges: [] }
}

/**
 * Appends an entry by its leaf hash. Calls `onFullTile` for each tile that this fills; a full tile
 * never changes again.
 *
 * @throws MalformedError when the hash isn't 32 bytes; the tree is then as before.
 */
export function appendLeaf(
  tree: GrowingTree,
  leafHash: Uint8Array,
  onFullTile?: (tile: Tile) => void,
): void {
  let hash = checkHash(leafHash)
  addToEdge(tree, 0, hash, onFullTile)
  let height = 0
  for (let left = tree.size; isOdd(left); left = half(left)) {
    hash = hashNode(tree.peaks.pop()!, hash)
    height++
    if (height % TILE_HEIGHT === 0) addToEdge(tree, height / TILE_HEIGHT, hash, onFullTile)
  }
  // A leaf's hash is the caller's, who may write over it or hold it in a larger buffer.
  tree.peaks.push(height === 0 ? new Uint8Array(hash) : hash)
  tree.size++
}

/** Appends leaf hashes in order and returns the tiles to write, full ones and edges. */
export function appendLeaves(tree: GrowingTree, leafHashes: Iterable<Uint8Array>): Tile[] {
  const before = tree.size
  const full: Tile[] = []
  for (const hash of leafHashes) appendLeaf(tree, hash, (tile) => full.push(tile))
  const changed = new Set(listNewTiles(before, tree.size).map(({ level }) => level))
  return [...full, ...edgeTiles(tree).filter(({ level }) => changed.has(level))]
}

/** The tree's root, in as many hashes as size has bits. */
export function rootOf(tree: GrowingTree): Uint8Array {
  return tree.peaks.length === 0
    ? EMPTY_ROOT
    : tree.peaks.reduceRight((right, left) => hashNode(left, right))
}

/** The partial tiles at the right edge, as they are to be written for this size. */
export function edgeTiles(tree: GrowingTree): Tile[] {
  return tree.edges.flatMap(({ hashes, width, n }, level) =>
    width === 0 ? [] : [{ level, n, width, bytes: hashes.slice(0, width * HASH_BYTES) }],
  )
}

export function emptyEdge(n: number): Edge {
  return { hashes: new Uint8Array(TILE_WIDTH * HASH_BYTES), width: 0, n }
}

function addToEdge(
  tree: GrowingTree,
  level: number,
  hash: Uint8Array,
  onFullTile?: (tile: Tile) => void,
): void {
  tree.edges[level] ??= emptyEdge(0)
  const edge = tree.edges[level]
  edge.hashes.set(hash, edge.width * HASH_BYTES)
  edge.width++
  if (edge.width < TILE_WIDTH) return
  onFullTile?.({ level, n: edge.n, width: TILE_WIDTH, bytes: edge.hashes.slice() })
  edge.width = 0
  edge.n++
}
