import type { Db } from '../database.ts'
import { equalBytes } from '../platform/bytes.ts'
import { encodeUtf8 } from './core/canonical.ts'
import { parseBundle } from './core/entry/entry-bundle.ts'
import { parseEntry } from './core/entry/entry-line.ts'
import { formatTlogProof } from './core/tlog-proof.ts'
import { proveInclusion } from './core/tree/prove-inclusion.ts'
import { TILE_WIDTH } from './core/tree/tile.ts'
import { createGetTile, readBundles } from './store/bundles-and-tiles.ts'

/** About 1.5 MB. */
const BUNDLES_A_PAGE = 64

export interface TextProof {
  /** A language; null for the recipients that signers' data is sealed to. */
  language: string | null
  /** c2sp.org/tlog-proof, with the entry in it. */
  bytes: Uint8Array
}

/** Proves that the newest text of each language, and the newest recipients, are in the log. Reads all of it. */
export async function proveTexts(
  db: Db,
  { size, checkpoint }: { size: number; checkpoint: Uint8Array },
  slug: string,
): Promise<TextProof[]> {
  const newest = await findNewest(db, size, slug)
  const getTile = createGetTile(db)
  const proofs: TextProof[] = []
  for (const [language, { index, extra }] of newest) {
    const hashes = await proveInclusion(index, size, getTile)
    proofs.push({ language, bytes: formatTlogProof({ extra, index, hashes, checkpoint }) })
  }
  return proofs
}

async function findNewest(db: Db, size: number, slug: string) {
  const beginnings = ['text', 'recipients'].map((kind) => encodeUtf8(`${kind}/v1 ${slug} `))
  const newest = new Map<string | null, { index: number; extra: Uint8Array }>()
  const bundles = Math.ceil(size / TILE_WIDTH)
  for (let from = 0; from < bundles; from += BUNDLES_A_PAGE) {
    const to = Math.min(from + BUNDLES_A_PAGE, bundles) - 1
    for (const { n, entries } of await readBundles(db, { from, to })) {
      entriesOf(entries).forEach((bytes, at) => {
        const index = n * TILE_WIDTH + at
        if (
          index >= size ||
          !beginnings.some((beginning) =>
            equalBytes(bytes.subarray(0, beginning.length), beginning),
          )
        )
          return
        const entry = parseEntry(bytes)
        const extra = bytes.slice()
        if (entry.kind === 'text') newest.set(entry.language, { index, extra })
        if (entry.kind === 'recipients') newest.set(null, { index, extra })
      })
    }
  }
  return newest
}

/** A row may be wider than the published log. */
function entriesOf(bundle: Uint8Array): Uint8Array[] {
  let width = 0
  for (let at = 0; at + 1 < bundle.length; width++) at += 2 + ((bundle[at]! << 8) | bundle[at + 1]!)
  return parseBundle(bundle, width)
}
