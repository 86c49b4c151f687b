import { type Kysely, sql } from 'kysely'

export interface JobOptions {
  /** A job with the same key that has not begun is replaced. */
  key?: string
  runAt?: Date
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
  { key, runAt, maxAttempts = 25 }: JobOptions = {},
): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      ${task},
      payload => ${JSON.stringify(payload)}::json,
      run_at => ${runAt ?? null}::timestamptz,
      max_attempts => ${maxAttempts}::int,
      job_key => ${key ?? null}::text)`.execute(trx)
}
