import { createHash } from 'node:crypto'
import type { Db } from '../../database.ts'
import { encodeBase64 } from '../core/bytes/base64.ts'
import type { LogEntry, VoidReason } from '../core/entry/entry.ts'
import { formatEntry, formatHour } from '../core/entry/format-entry.ts'
import { deletePlace, listPlaced } from '../store/log-places.ts'
import { deleteQueued, insertQueued } from './log-queue.ts'

/**
 * Each of these notes, in the transaction that makes it so, what the public log is to say. An entry
 * gets its place with the next batch; until then it can be told from no other.
 */

export interface SignatureToLog {
  id: string
  petitionId: number
  slug: string
  /** Only its hour is told. */
  confirmedAt: Date
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
    fresh.map(({ id, petitionId, slug, confirmedAt, commitment }) => {
      const hour = formatHour(confirmedAt)
      const sign = { kind: 'sign', slug, hour, commitment: encodeBase64(commitment) } as const
      return { petitionId, signatureId: id, change: 1, entry: formatEntry(sign) }
    }),
  )
}

interface Taken {
  id: string
  petitionId: number
  slug: string
}

/**
 * The signer left: the log says so, and nothing ties the entry to the signature any more. One that had
 * no place yet never gets one. The caller holds the signature's row.
 *
 * @param counted false when it was voided: it no longer counted
 */
export async function enqueueWithdrawal(
  trx: Db,
  { id, petitionId, slug }: Taken,
  { counted }: { counted: boolean },
): Promise<void> {
  if (await deleteQueued(trx, id)) return
  const index = await deletePlace(trx, id)
  if (index === null || !counted) return
  await enqueue(trx, petitionId, { kind: 'withdraw', slug, index }, -1)
}

/** The organisers took the signature of that entry out. */
export async function enqueueVoid(
  trx: Db,
  petition: { id: number; slug: string },
  { index, reason }: { index: number; reason: VoidReason },
): Promise<void> {
  await enqueue(trx, petition.id, { kind: 'void', slug: petition.slug, index, reason }, -1)
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

async function enqueue(trx: Db, petitionId: number, entry: LogEntry, change: -1 | 0) {
  await insertQueued(trx, [{ petitionId, signatureId: null, change, entry: formatEntry(entry) }])
}
