import { createHash } from 'node:crypto'
import type { Db } from '../database.ts'
import { encodeBase64 } from '../platform/bytes.ts'
import type { LogEntry, VoidReason } from './core/entry/entry.ts'
import { formatEntry, formatHour } from './core/entry/entry-line.ts'
import { type Counted, deleteQueued, insertQueued } from './log-queue.ts'
import { deletePlace, listPlaced } from './store/log-places.ts'

/**
 * Each of these notes, in the transaction that makes it so, what the public log is to say. An entry
 * gets its place with the next batch; until then it can be told from no other.
 */

export interface SignatureToLog {
  id: string
  petitionId: number
  slug: string
  /** Of its time only the hour is told, of the rest nothing. */
  counted: Counted
  /** 32 bytes. */
  commitment: Uint8Array
}

/** Signatures whose commitment is final. One that has its place, as after a rebuild, gets no second. */
export async function enqueueSignatures(trx: Db, signatures: SignatureToLog[]): Promise<void> {
  const placed = await listPlaced(
    trx,
    signatures.map(({ id }) => id),
  )
  const fresh = signatures.filter(({ id }) => !placed.has(id))
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

interface Taken {
  id: string
  petitionId: number
  slug: string
  /** Read before the row is erased: it is taken off where it was added. Null when it no longer counted. */
  counted: Counted | null
}

/**
 * The signer left: the log says so, and nothing ties the entry to the signature any more. One that had
 * no place yet never gets one. The caller holds the signature's row.
 */
export async function enqueueWithdrawal(
  trx: Db,
  { id, petitionId, slug, counted }: Taken,
): Promise<void> {
  if (await deleteQueued(trx, id)) return
  const index = await deletePlace(trx, id)
  if (index === null || !counted) return
  await enqueue(trx, petitionId, { kind: 'withdraw', slug, index }, -1, counted)
}

/** The organisers took the signature of that entry out. */
export async function enqueueVoid(
  trx: Db,
  petition: { id: number; slug: string },
  { index, reason, counted }: { index: number; reason: VoidReason; counted: Counted },
): Promise<void> {
  const entry = { kind: 'void', slug: petition.slug, index, reason } as const
  await enqueue(trx, petition.id, entry, -1, counted)
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
