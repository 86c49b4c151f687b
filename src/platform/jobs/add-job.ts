import { type Kysely, sql } from 'kysely'

export interface JobOptions {
  /** A job with the same key that has not begun is replaced. */
  key?: string
  /** Milliseconds from the database's now: it is the database that decides when a job is due. */
  delay?: number
  maxAttempts?: number
}

/**
 * Enqueues a job in the caller's transaction: it exists exactly if the data does. The payload must
 * hold nothing readable about a signer.
 */
export async function addJob<T>(
  trx: Kysely<T>,
  task: string,
  payload: Record<string, unknown>,
  { key, delay = 0, maxAttempts = 25 }: JobOptions = {},
): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      ${task},
      payload => ${JSON.stringify(payload)}::json,
      run_at => now() + ${delay} * interval '1 millisecond',
      max_attempts => ${maxAttempts}::int,
      job_key => ${key ?? null}::text)`.execute(trx)
}
