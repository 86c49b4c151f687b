import { createHash } from 'node:crypto'
import type { Db } from '../database.ts'
import { encodeBase64 } from '../platform/bytes.ts'
import type { LogEntry, VoidReason } from './core/entry/entry.ts'
import { formatEntry, formatHour } from './core/entry/entry-line.ts'
import { deleteIndex, listIndexes } from './store/entry-indexes.ts'
import { deleteCount } from './store/log-counts.ts'
import {
  type Counted,
  deleteAllQueued,
  deleteQueued,
  deleteQueuedOf,
  insertQueued,
} from './store/log-queue.ts'

/**
 * Each of these queues an entry for the public log in the transaction that makes it true. The entry gets
 * its index with the next batch; until then nothing distinguishes it from the others.
 */

export interface SignatureToLog {
  id: string
  petitionId: number
  slug: string
  /** The entry says the hour of its time, and nothing of the rest. */
  counted: Counted
  /** 32 bytes. */
  commitment: Uint8Array
}

/** Signatures whose commitment is final. One that is in the log, as after a rebuild, gets no second entry. */
export async function enqueueSignatures(trx: Db, signatures: SignatureToLog[]): Promise<void> {
  const inLog = await listIndexes(
    trx,
    signatures.map(({ id }) => id),
  )
  const fresh = signatures.filter(({ id }) => !inLog.has(id))
  if (fresh.length === 0) return
  await insertQueued(
    trx,
    fresh.map(({ id, petitionId, slug, counted, commitment }) => {
      const hour = formatHour(counted.confirmedAt)
      const sign = { kind: 'sign', slug, hour, commitment: encodeBase64(commitment) } as const
      return { petitionId, signatureId: id, change: 1, entry: formatEntry(sign), counted }
    }),
  )
}

interface Withdrawn {
  id: string
  petitionId: number
  slug: string
  /** Read before the row is erased: it is taken off where it was added. Null when it no longer counted. */
  counted: Counted | null
}

/**
 * The signer left: the log says so, and nothing ties the entry to the signature any more. A signature that
 * had no entry yet never gets one. The caller holds the signature's row.
 */
export async function enqueueWithdrawal(
  trx: Db,
  { id, petitionId, slug, counted }: Withdrawn,
): Promise<void> {
  if (await deleteQueued(trx, id)) return
  const index = await deleteIndex(trx, id)
  if (index === null || !counted) return
  await enqueue(trx, petitionId, { kind: 'withdraw', slug, index }, -1, counted)
}

/** The organisers voided the signature of that entry. */
export async function enqueueVoid(
  trx: Db,
  petition: { id: number; slug: string },
  { index, reason, counted }: { index: number; reason: VoidReason; counted: Counted },
): Promise<void> {
  const entry = { kind: 'void', slug: petition.slug, index, reason } as const
  await enqueue(trx, petition.id, entry, -1, counted)
}

/** Signatures that don't count for now: queued entries of theirs are taken back. */
export async function withholdSignatures(trx: Db, ids: string[]): Promise<void> {
  await deleteAllQueued(trx, ids)
}

/** The organisers turned away so many confirmed signatures that the log never counted. */
export async function enqueueTurnedAway(
  trx: Db,
  petition: { id: number; slug: string },
  { number, reason }: { number: number; reason: VoidReason },
): Promise<void> {
  await enqueue(trx, petition.id, { kind: 'turned-away', slug: petition.slug, number, reason }, 0)
}

/** The organisers hold so many signatures on paper. @param hash SHA-256 of the sealed scan */
export async function enqueuePaper(
  trx: Db,
  petition: { id: number; slug: string },
  { number, hash }: { number: number; hash: Uint8Array },
): Promise<void> {
  const entry = { kind: 'paper', slug: petition.slug, number, hash: encodeBase64(hash) } as const
  await enqueue(trx, petition.id, entry, 0)
}

/** The organisers hold so many signatures from elsewhere. @param hash SHA-256 of their commitments */
export async function enqueueImported(
  trx: Db,
  petition: { id: number; slug: string },
  { number, hash }: { number: number; hash: Uint8Array },
): Promise<void> {
  const { id, slug } = petition
  await enqueue(trx, id, { kind: 'imported', slug, number, hash: encodeBase64(hash) }, 0)
}

/** Signers' data is sealed to these from here on. */
export async function enqueueRecipients(
  trx: Db,
  petition: { id: number; slug: string },
  recipients: string[],
): Promise<void> {
  const hash = hashRecipients(recipients)
  await enqueue(trx, petition.id, { kind: 'recipients', slug: petition.slug, hash }, 0)
}

/** @param hash SHA-256 of the text in its canonical form */
export async function enqueueText(
  trx: Db,
  petition: { id: number; slug: string },
  text: { language: string; version: number; hash: Uint8Array },
): Promise<void> {
  const { language, version } = text
  const hash = encodeBase64(text.hash)
  await enqueue(trx, petition.id, { kind: 'text', slug: petition.slug, language, version, hash }, 0)
}

/**
 * For a petition that nobody signed and that is deleted: queued entries go; those that are in the log, hashes
 * of texts and keys, stay there for ever.
 */
export async function forgetPetitionInLog(trx: Db, petitionId: number): Promise<void> {
  await deleteQueuedOf(trx, petitionId)
  await deleteCount(trx, petitionId)
}

/** Base64 of SHA-256 over the recipients, sorted by their bytes, each with a newline. */
export function hashRecipients(recipients: string[]): string {
  const lines = [...recipients].sort().map((recipient) => `${recipient}\n`)
  return createHash('sha256').update(lines.join('')).digest('base64')
}

async function enqueue(
  trx: Db,
  petitionId: number,
  entry: LogEntry,
  change: -1 | 0,
  counted: Counted | null = null,
) {
  await insertQueued(trx, [
    { petitionId, signatureId: null, change, entry: formatEntry(entry), counted },
  ])
}
