import { sql } from 'kysely'
import type { Db } from '../database.ts'
import { enqueueSignatures, type SignatureToLog } from '../log/enqueue-entry.ts'
import { type Display, recordId } from '../sealing/record/sealed-record.ts'
import type { SealPool } from '../sealing/seal-pool.ts'
import type { RecordToSeal } from '../sealing/seal-records.worker.ts'
import { takeFromSealingQueue } from './store/outbox.ts'
import { findQuarantined } from './store/quarantined.ts'
import { replaceDetails, type SealedSignature } from './store/sealed-records.ts'

/** Some 60 ms of one core: as long as a withdrawal of one of them may have to wait. */
export const BATCH = 100

interface SealedBatch {
  /** Taken off the queue. */
  taken: number
  sealed: number
  /** By the signature's id; they stay as they are, see requeueReadable. */
  failures: { id: string; failure: string }[]
}

/**
 * Seals a batch of confirmed signatures, drops their readable details and queues their commitments for
 * the public log, in one transaction: killed at any point, each of them is either all that and gone from
 * the queue, or still as it was.
 */
export async function sealBatch(db: Db, pool: SealPool, limit = BATCH): Promise<SealedBatch> {
  return db.transaction().execute(async (trx) => {
    const ids = await takeFromSealingQueue(trx, limit)
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
    const withheld = await findQuarantined(trx, ids)
    const logged = signatures.filter(({ id }) => !withheld.has(id))
    await enqueueSignatures(trx, toCommitments(logged, records))
    return { taken: ids.length, sealed: records.length, failures }
  })
}

/** A voided signature no longer counts: it gets no entry, like one that is in quarantine. */
function toCommitments(
  signatures: SignatureToSeal[],
  records: SealedSignature[],
): SignatureToLog[] {
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

interface SignatureToSeal {
  id: string
  petition_id: number
  slug: string
  state: 'confirmed' | 'voided'
  recipients: string[]
  country: string
  language: string
  display: Display
  updates: boolean
  consent_version: number
  text_version: number
  created_at: Date
  confirmed_at: Date
  source: string | null
  ref: string | null
  details: Buffer
}

/** Locked against a withdrawal until the transaction ends. Those withdrawn meanwhile are not among them. */
async function lockToSeal(trx: Db, ids: string[]): Promise<SignatureToSeal[]> {
  const { rows } = await sql<SignatureToSeal>`
    select s.id, s.petition_id, s.state, p.slug, p.settings->'recipients' as recipients, b.country,
           b.language, b.display, b.updates, b.consent_version, b.text_version, b.created_at,
           s.confirmed_at, b.source, b.ref, b.details
      from signature s
      join submission b on b.id = s.id
      join petition p on p.id = s.petition_id
     where s.id = any (${ids}::uuid[]) and s.state in ('confirmed', 'voided')
     order by s.id
       for update of s`.execute(trx)
  return rows
}
