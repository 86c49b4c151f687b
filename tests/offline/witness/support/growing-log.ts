import { formatCheckpoint } from '../../../../src/log/core/note/checkpoint.ts'
import { signNote } from '../../../../src/log/core/note/sign-note.ts'
import { appendLeaf, emptyTree, rootOf } from '../../../../src/log/core/tree/grow-tree.ts'
import { HASH_BYTES, hashLeaf, rootOfHashes } from '../../../../src/log/core/tree/hash-tree.ts'
import { proveConsistency } from '../../../../src/log/core/tree/prove-consistency.ts'
import { TILE_WIDTH } from '../../../../src/log/core/tree/tile.ts'
import { logSigner } from '../../../log/core/support/memory-log.ts'

/** A log that can show itself as it was at every size. */
export interface GrowingLog {
  size: number
  entries: string[]
  root(size: number): Uint8Array
  text(size: number): string
  /** Signed by the log. */
  checkpoint(size: number): Uint8Array
  prove(from: number, to: number): Promise<Uint8Array[]>
}

export function growLog(entries: string[], signer = logSigner): GrowingLog {
  const leaves = entries.map((entry) => hashLeaf(Buffer.from(entry)))
  const tree = emptyTree()
  const roots = [rootOf(tree)]
  for (const leaf of leaves) {
    appendLeaf(tree, leaf)
    roots.push(rootOf(tree))
  }
  const levels = [Buffer.concat(leaves)]
  for (let below = levels[0]!; below.length >= TILE_WIDTH * HASH_BYTES; below = levels.at(-1)!) {
    const tiles = Math.floor(below.length / HASH_BYTES / TILE_WIDTH)
    const tops = Array.from({ length: tiles }, (_, n) =>
      rootOfHashes(below, n * TILE_WIDTH, TILE_WIDTH),
    )
    levels.push(Buffer.concat(tops))
  }
  const getTile = async (level: number, n: number, width: number) => {
    const start = n * TILE_WIDTH * HASH_BYTES
    return new Uint8Array(levels[level]!.subarray(start, start + width * HASH_BYTES))
  }
  const text = (size: number) =>
    formatCheckpoint({ origin: signer.key.name, size, root: roots[size]! })
  return {
    size: entries.length,
    entries,
    root: (size) => roots[size]!,
    text,
    checkpoint: (size) => signNote(text(size), [signer]),
    prove: (from, to) => proveConsistency(from, to, getTile),
  }
}

export const makeLines = (count: number, mark = 'entry') =>
  Array.from({ length: count }, (_, index) => `${mark} ${index}`)
