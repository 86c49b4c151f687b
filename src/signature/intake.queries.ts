import { sql } from 'kysely'
import type { Db } from '../database.ts'
import type { Display } from '../sealing/record/sealed-record.ts'

export interface NewSubmission {
  id: string
  petitionId: number
  textVersion: number
  consentVersion: number
  display: Display
  updates: boolean
  country: string
  language: string
  source: string | null
  ref: string | null
  address: Buffer
  details: Buffer
  now: Date
}

/**
 * One statement for many: rows and the job that mails them are durable together, in one round trip. It
 * asks for nothing that is known of an address, so that it takes as long for everyone.
 *
 * @param task that is told `{ submissions: [id] }`
 */
export async function insertSubmissions(
  db: Db,
  rows: NewSubmission[],
  task: string,
): Promise<void> {
  const column = <T>(pick: (row: NewSubmission) => T) => rows.map(pick)
  const ids = column((row) => row.id)
  await sql`
    with kept as (
      insert into submission
        (id, petition_id, text_version, consent_version, display, updates, country, language, source,
         ref, address, details, created_at)
      select * from unnest(
        ${ids}::uuid[], ${column((row) => row.petitionId)}::integer[],
        ${column((row) => row.textVersion)}::integer[],
        ${column((row) => row.consentVersion)}::smallint[],
        ${column((row) => row.display)}::signature_display[],
        ${column((row) => row.updates)}::boolean[], ${column((row) => row.country)}::text[],
        ${column((row) => row.language)}::text[], ${column((row) => row.source)}::text[],
        ${column((row) => row.ref)}::text[], ${column((row) => row.address)}::bytea[],
        ${column((row) => row.details)}::bytea[], ${column((row) => row.now)}::timestamptz[])
    )
    select graphile_worker.add_job(
      ${task}, payload => ${JSON.stringify({ submissions: ids })}::json, max_attempts => 25)`.execute(
    db,
  )
}
