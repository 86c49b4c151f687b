import type { Db } from '../database.ts'
import { enqueueSignatures, type SignatureToLog } from '../log/enqueue-entry.ts'
import { recordId } from '../sealing/record/sealed-record.ts'
import type { SealPool } from '../sealing/seal-pool.ts'
import type { RecordToSeal } from '../sealing/seal-records.worker.ts'
import {
  lockToSeal,
  replaceDetails,
  type Sealed,
  type SignatureToSeal,
  takeFromQueue,
} from './sealing.queries.ts'

/** Some 60 ms of one core: as long as a withdrawal of one of them may have to wait. */
export const BATCH = 100

export interface SealedBatch {
  /** Taken off the queue. */
  taken: number
  sealed: number
  /** By the signature's id; they stay as they are, see requeue-readable.ts. */
  failures: { id: string; failure: string }[]
}

/**
 * Seals a batch of confirmed signatures, drops their readable details and queues their commitments for
 * the public log, in one transaction: killed at any point, each of them is either all that and gone from
 * the queue, or still as it was.
 */
export async function sealBatch(db: Db, pool: SealPool, limit = BATCH): Promise<SealedBatch> {
  return db.transaction().execute(async (trx) => {
    const ids = await takeFromQueue(trx, limit)
    if (ids.length === 0) return { taken: 0, sealed: 0, failures: [] }
    const signatures = await lockToSeal(trx, ids)
    const outcomes = await pool.seal(signatures.map(toRecord))
    const records = []
    const failures = []
    for (const [index, outcome] of outcomes.entries()) {
      const { id, petition_id: petitionId } = signatures[index]!
      if ('failure' in outcome) failures.push({ ...outcome, id })
      else records.push({ ...outcome, id, petitionId })
    }
    if (records.length > 0) await replaceDetails(trx, records)
    await enqueueSignatures(trx, toLog(signatures, records))
    return { taken: ids.length, sealed: records.length, failures }
  })
}

/** A voided one counts no more: the log needn't hear of it. */
function toLog(signatures: SignatureToSeal[], records: Sealed[]): SignatureToLog[] {
  const commitments = new Map(records.map(({ id, commitment }) => [id, commitment]))
  return signatures.flatMap((signature) => {
    const { id, petition_id: petitionId, slug, country, language, ref } = signature
    const commitment = commitments.get(id)
    if (!commitment || signature.state !== 'confirmed') return []
    const counted = { confirmedAt: signature.confirmed_at, country, language, ref }
    return { id, petitionId, slug, counted, commitment }
  })
}

function toRecord(row: SignatureToSeal): RecordToSeal {
  return {
    slug: row.slug,
    id: recordId(row.id),
    country: row.country,
    display: row.display,
    language: row.language,
    updates: row.updates,
    consentVersion: row.consent_version,
    textVersion: row.text_version,
    signedAt: row.created_at.toISOString(),
    confirmedAt: row.confirmed_at.toISOString(),
    source: row.source,
    details: row.details,
    recipients: row.recipients,
  }
}
