import type { Db } from '../database.ts'
import { parseBase64 } from '../log/core/canonical.ts'
import type { LogSource } from '../log/core/check-log.ts'
import { countEntry, createCounter, type EntryCounter } from '../log/core/entry/count-entries.ts'
import type { InvalidEntry, LogEntry } from '../log/core/entry/entry.ts'
import { parseBundle } from '../log/core/entry/entry-bundle.ts'
import { parseEntry } from '../log/core/entry/entry-line.ts'
import { appendLeaf, edgeTiles, emptyTree, rootOf } from '../log/core/tree/grow-tree.ts'
import { hashLeaf } from '../log/core/tree/hash-tree.ts'
import { listNewBundles, type Tile } from '../log/core/tree/tile.ts'
import { writeBundles, writeTiles } from '../log/store/bundles-and-tiles.ts'
import { insertPublicEntries, type PublicEntry } from './public-entry.queries.ts'
import type { Notice } from './repeat-notices.ts'

/** Bundles a statement writes: some 16,000 entries. */
const BUNDLES = 64

interface CopiedEntries {
  root: Uint8Array
  counter: EntryCounter
  /** Entries that change no count. */
  notices: Notice[]
}

/**
 * Writes the public entries and the tiles that follow from them into the database, and lists those that
 * concern signatures. The source has been checked; its bundles of now are compared by the root.
 */
export async function copyEntries(
  trx: Db,
  source: Pick<LogSource, 'getBundle'>,
  size: number,
): Promise<CopiedEntries> {
  const tree = emptyTree()
  const counter = createCounter()
  const notices: Notice[] = []
  const wanted = listNewBundles(0, size)
  for (let at = 0; at < wanted.length; at += BUNDLES) {
    const bundles: { n: number; entries: Uint8Array }[] = []
    const listed: PublicEntry[] = []
    const tiles: Tile[] = []
    for (const { n, width } of wanted.slice(at, at + BUNDLES)) {
      const bytes = await source.getBundle(n, width)
      if (!bytes) throw new Error(`the source has lost its bundle ${n}`)
      bundles.push({ n, entries: bytes })
      for (const entry of parseBundle(bytes, width)) {
        const parsed = parseEntry(entry)
        const effect = countEntry(counter, parsed)
        if (effect === 'noted' && parsed.kind !== 'invalid') {
          notices.push({ index: tree.size, bytes: entry.slice(), entry: parsed })
        }
        const row = toRow(parsed, tree.size)
        if (row && (effect === 'counted' || effect === 'taken-out')) listed.push(row)
        appendLeaf(tree, hashLeaf(entry), (tile) => tiles.push(tile))
      }
    }
    await writeBundles(trx, bundles)
    await writeTiles(trx, tiles)
    await insertPublicEntries(trx, listed)
  }
  await writeTiles(trx, edgeTiles(tree))
  return { root: rootOf(tree), counter, notices }
}

function toRow(entry: LogEntry | InvalidEntry, index: number): PublicEntry | null {
  if (entry.kind === 'sign') {
    const { slug, hour } = entry
    return {
      index,
      slug,
      hour,
      commitment: parseBase64(entry.commitment),
      target: null,
      why: null,
    }
  }
  if (entry.kind !== 'withdraw' && entry.kind !== 'void') return null
  const why = entry.kind === 'void' ? entry.reason : 'withdraw'
  return { index, slug: entry.slug, hour: null, commitment: null, target: entry.index, why }
}
