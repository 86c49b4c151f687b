import type { Database, Db } from '../database.ts'
import { keepFresh } from '../platform/cache.ts'
import type { PublicReads } from '../platform/database/read-replica.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { formatTlogProof } from './core/tlog-proof.ts'
import { proveInclusion } from './core/tree/prove-inclusion.ts'
import { tileWidth } from './core/tree/tile.ts'
import type { parsePath } from './core/tree/tile-path.ts'
import { readSigned } from './log-folder.ts'
import { createLogWriter, type WriterNeeds } from './open-log.ts'
import { proveTexts } from './prove-texts.ts'
import { readLogFiles } from './read-log-files.ts'
import { readLogProgress } from './read-progress.ts'
import { reconcileLog } from './reconcile-log.ts'
import { checkExtends } from './sequencing/check-extends.ts'
import type { LogWriter } from './sequencing/log-writer.ts'
import type { Pace } from './sequencing/pace-batches.ts'
import { sequenceWhenDue } from './sequencing/sequence-log.ts'
import { createGetTile, getBundle, getEntry } from './store/bundles-and-tiles.ts'
import { findIndex } from './store/entry-indexes.ts'
import { readPublishedCounts } from './store/log-counts.ts'
import { countQueued } from './store/log-queue.ts'
import { findState, type LogState } from './store/log-state.ts'

const MAX_AGE_MS = 500

/** The public log as everybody sees it. */
export interface PublishedLog {
  origin: string
  vkey: string
  /** Entries at the published checkpoint. */
  size: number
  /** The published checkpoint, with the cosignatures that it has. */
  checkpoint: Uint8Array
  publishedAt: Date
  /** A petition's count, by its id, as the published entries add up to it. */
  certified(petitionId: number): number
  /** When a batch of a guarded petition last went out smaller than it should be; null when none did. */
  thinAt(petitionId: number): Date | null
}

export interface Receipt {
  /** Of the signature's entry. */
  index: number
  /** c2sp.org/tlog-proof, with the entry in it. */
  bytes: Uint8Array
  /** The published log that the entry is proved to be in. */
  log: PublishedLog
}

export type PublicLog = ReturnType<typeof createPublicLog>

type Needs = WriterNeeds & { publicReads: PublicReads<Database> }

/** The room of the public log: reading it, proving an entry, and opening it to write. */
export function createPublicLog(needs: Needs, maxAge = MAX_AGE_MS) {
  const { db, publicReads } = needs
  const held = keepFresh({ maxAge, load, mayBeStale: isDatabaseAway })

  async function load(): Promise<PublishedLog | null> {
    const [state, counts] = await Promise.all([findState(db), readPublishedCounts(db)])
    return toPublished(state, counts)
  }

  function toPublished(
    state: LogState | null,
    counts: Awaited<ReturnType<typeof readPublishedCounts>>,
  ): PublishedLog | null {
    if (!state || state.published === null) return null
    return {
      origin: state.origin,
      vkey: state.vkey,
      size: state.published,
      checkpoint: state.publishedNote!,
      publishedAt: state.publishedAt!,
      certified: (petitionId) => counts.get(petitionId)?.published ?? 0,
      thinAt: (petitionId) => counts.get(petitionId)?.thinAt ?? null,
    }
  }

  return {
    /**
     * Null before the first checkpoint; the last known one while the database is away. Never from a
     * replica: receipts, pages and tiles are all held to it.
     */
    published: held.get,

    /**
     * As a transaction sees it; null before the first checkpoint. `isUnderWay`: entries of the petition have their
     * indexes and belong to no published checkpoint yet, but its figures have them already.
     */
    async publishedIn(
      trx: Db,
      petitionId: number,
    ): Promise<{ log: PublishedLog; isUnderWay: boolean } | null> {
      const state = await findState(trx)
      const counts = await readPublishedCounts(trx)
      const log = toPublished(state, counts)
      return log && { log, isUnderWay: counts.get(petitionId)?.isUnderWay ?? false }
    },
    /** The files of the log at a checkpoint, for a copy. */
    filesIn: (trx: Db, log: PublishedLog) => readLogFiles(trx, log),
    /** Proofs that the petition's texts and recipients are in the log. */
    proveTexts: (trx: Db, log: PublishedLog, slug: string) => proveTexts(trx, log, slug),

    /**
     * A tile or a bundle of the published log.
     *
     * @returns null before the first checkpoint; `bytes` is null when the log doesn't reach so far
     */
    async readFile(file: ReturnType<typeof parsePath>) {
      const level = file.kind === 'tile' ? file.level : 0
      const isBeyond = (size: number) => file.width > tileWidth(size, level, file.n)
      let log = await held.get()
      // Another node may have published a checkpoint that is a moment newer than the one held here.
      if (log && isBeyond(log.size)) log = await held.renew()
      if (!log) return null
      const { size } = log
      // Entries beyond the signed ones are never shown: they might never be signed.
      if (isBeyond(size)) return { size, isBeyond: true, bytes: null }
      const bytes = await publicReads.read(
        (read) =>
          file.kind === 'tile'
            ? createGetTile(read)(file.level, file.n, file.width)
            : getBundle(read, file.n, file.width),
        // It is there, since it is signed; a replica may lack it for a moment more.
        (found) => found !== null,
      )
      return { size, isBeyond: false, bytes }
    },

    /**
     * Proves without a connection to the log that a signature's entry is in it. Holds the petition, the
     * hour, the commitment and the proof; nothing of the signer.
     *
     * @returns null when the published log has no entry of the signature
     */
    async makeReceipt(signatureId: string): Promise<Receipt | null> {
      const log = await held.get()
      const index = log && (await findIndex(db, signatureId))
      if (index === null || index >= log!.size) return null
      const { size, checkpoint } = log!
      const extra = await getEntry(db, index)
      const hashes = await proveInclusion(index, size, createGetTile(db))
      return { index, bytes: formatTlogProof({ extra, index, hashes, checkpoint }), log: log! }
    },

    /** For the worker and for commands; see createLogWriter. */
    openWriter: (options?: { create: boolean }) => createLogWriter(needs, options),
    /** See sequence-log.ts. */
    sequenceWhenDue: (writer: LogWriter, pace: Pace) => sequenceWhenDue(db, writer, pace),

    /** The key that the log is signed with, as verifiers take it. */
    async vkey(): Promise<string> {
      await createLogWriter(needs, { create: false })
      return (await findState(db))!.vkey
    },

    /**
     * For operators, of a log that has begun.
     *
     * @throws KeyringError, LogRefusal; `checkExtends` throws LogRefusal when the log must not go on
     */
    async status() {
      const writer = await createLogWriter(needs, { create: false })
      return {
        ...(await findState(db))!,
        queued: await countQueued(db),
        folder: writer.folder,
        /** The file of the last checkpoint that this node signed. */
        lastSigned: (await readSigned(writer.folder))?.path ?? null,
        checkExtends: () => checkExtends(db, writer),
      }
    },

    /** For /metrics and the doctor; null before the log begins. */
    progress: () => readLogProgress(db),

    reconcile: () => reconcileLog(db),
  }
}
