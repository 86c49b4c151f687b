import type { Db } from '../database.ts'
import { formatTlogProof } from './core/receipt/tlog-proof.ts'
import { proveInclusion } from './core/tree/prove-inclusion.ts'
import type { PublicLog } from './public-log-cache.ts'
import { findPlace } from './store/log-places.ts'
import { createGetTile, getEntry } from './store/read-log.ts'

export interface Receipt {
  /** The entry's number in the log. */
  index: number
  /** c2sp.org/tlog-proof, with the entry in it. */
  bytes: Uint8Array
}

/**
 * Shows that a signature's entry is in the log, to whoever lacks a connection to it. Holds the petition,
 * the hour, the commitment and the proof; nothing of the signer.
 *
 * @returns null when the entry isn't among what is published
 */
export async function makeReceipt(
  db: Db,
  log: PublicLog,
  signatureId: string,
): Promise<Receipt | null> {
  const index = await findPlace(db, signatureId)
  if (index === null || index >= log.size) return null
  const extra = await getEntry(db, index)
  const hashes = await proveInclusion(index, log.size, createGetTile(db))
  return { index, bytes: formatTlogProof({ extra, index, hashes, checkpoint: log.checkpoint }) }
}
