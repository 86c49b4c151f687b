import type { LogSource } from '../../../../src/log/core/check-log.ts'
import { formatBundle } from '../../../../src/log/core/entry/entry-bundle.ts'
import { formatEntry } from '../../../../src/log/core/entry/entry-line.ts'
import { formatCheckpoint } from '../../../../src/log/core/note/checkpoint.ts'
import { signerFromSeed, verifyEd25519 } from '../../../../src/log/core/note/node-ed25519.ts'
import { COSIGNATURE_V1, ED25519 } from '../../../../src/log/core/note/note-key.ts'
import type { Trust } from '../../../../src/log/core/note/open-checkpoint.ts'
import { signNote } from '../../../../src/log/core/note/sign-note.ts'
import { appendLeaves, emptyTree, rootOf } from '../../../../src/log/core/tree/grow-tree.ts'
import { hashLeaf } from '../../../../src/log/core/tree/hash-tree.ts'
import { listNewBundles } from '../../../../src/log/core/tree/tile.ts'
import { bundlePath, tilePath } from '../../../../src/log/core/tree/tile-path.ts'
import { sha256 } from './naive-tree.ts'

export const logSigner = signerFromSeed(
  'log.example/petitions',
  ED25519,
  new Uint8Array(32).fill(1),
)
export const witness = signerFromSeed('witness.example', COSIGNATURE_V1, new Uint8Array(32).fill(2))
export const trust: Trust = {
  logKeys: [logSigner.key],
  witnessKeys: [witness.key],
  verify: verifyEd25519,
}

export interface MemoryLog extends LogSource {
  entries: Uint8Array[]
  root: Uint8Array
  checkpointText: string
  /** By path, without the checkpoint. */
  files: Map<string, Uint8Array>
}

/** A log of those entries, as it would lie on a disk. */
export function buildLog(entries: Uint8Array[]): MemoryLog {
  const tree = emptyTree()
  const files = new Map<string, Uint8Array>()
  for (const tile of appendLeaves(tree, entries.map(hashLeaf)))
    files.set(tilePath(tile), tile.bytes)
  for (const place of listNewBundles(0, entries.length)) {
    const first = place.n * 256
    files.set(bundlePath(place), formatBundle(entries.slice(first, first + place.width)))
  }
  const root = rootOf(tree)
  const origin = logSigner.key.name
  const checkpointText = formatCheckpoint({ origin, size: tree.size, root })
  const checkpoint = signNote(checkpointText, [logSigner])
  return { entries, files, root, checkpointText, checkpoint, ...readFrom(files) }
}

/** The log with other files, and nothing else changed. */
export function withFiles(log: MemoryLog, changed: Record<string, Uint8Array | null>): LogSource {
  const files = new Map<string, Uint8Array | null>([...log.files, ...Object.entries(changed)])
  return { checkpoint: changed.checkpoint ?? log.checkpoint, ...readFrom(files) }
}

/** Entries of every kind of two petitions: mostly signatures, some withdrawn or voided. */
export function makeEntries(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => formatEntry(makeEntry(index)))
}

function makeEntry(index: number): Parameters<typeof formatEntry>[0] {
  const slug = index % 3 === 0 ? 'cop29-baku' : 'clean-water'
  const hash = Buffer.from(sha256(Buffer.from(`commitment ${index}`))).toString('base64')
  if (index < 3) return { kind: 'text', slug, language: 'en', version: index + 1, hash }
  if (index < 6) return { kind: 'recipients', slug, hash }
  if (index % 30 === 29) return { kind: 'withdraw', slug, index: index - 21 }
  if (index % 30 === 27) return { kind: 'void', slug, index: index - 21, reason: 'duplicate' }
  return { kind: 'sign', slug, hour: '2024-11-11T10Z', commitment: hash }
}

function readFrom(files: Map<string, Uint8Array | null>): Omit<LogSource, 'checkpoint'> {
  return {
    getTile: async (level, n, width) => files.get(tilePath({ level, n, width })) ?? null,
    getBundle: async (n, width) => files.get(bundlePath({ n, width })) ?? null,
  }
}
