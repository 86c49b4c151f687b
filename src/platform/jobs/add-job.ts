import { type Kysely, sql } from 'kysely'

/**
 * A worker that is killed has used up an attempt of each of its jobs, and the next one takes the same jobs first: a
 * process that ends every few seconds must not lose them. A job that itself ends the process is given up all the same.
 */
export const MAX_ATTEMPTS = 250

interface JobOptions {
  /** A job with the same key that has not begun is replaced. */
  key?: string
  /** Milliseconds from now on the database's clock, by which jobs become due. */
  delay?: number
  maxAttempts?: number
  /** After all other jobs that wait, such as the mails of people who are signing now. */
  behind?: boolean
  /** Jobs of one queue run one after the other. */
  queue?: string
  /** Labels in graphile-worker's public view of jobs, which doesn't hold the payload. */
  flags?: string[]
}

/** A graphile-worker priority: lower numbers run first, 0 is the default. */
const BEHIND = 10

/**
 * Enqueues a job in the caller's transaction: both commit or neither does. The payload must hold nothing
 * readable about a signer.
 */
export async function addJob<T>(
  trx: Kysely<T>,
  task: string,
  payload: Record<string, unknown>,
  { key, delay = 0, maxAttempts = MAX_ATTEMPTS, behind = false, queue, flags }: JobOptions = {},
): Promise<void> {
  await sql`
    select graphile_worker.add_job(
      ${task},
      payload => ${JSON.stringify(payload)}::json,
      queue_name => ${queue ?? null}::text,
      run_at => now() + ${delay} * interval '1 millisecond',
      max_attempts => ${maxAttempts}::int,
      job_key => ${key ?? null}::text,
      priority => ${behind ? BEHIND : 0}::int,
      flags => ${flags ?? null}::text[])`.execute(trx)
}

/** Several jobs of one task, each with a key, after all others that wait. A job that has not begun is replaced. */
export async function addJobs<T>(
  trx: Kysely<T>,
  task: string,
  jobs: { payload: Record<string, unknown>; key: string }[],
): Promise<void> {
  await sql`
    select graphile_worker.add_job(
             ${task}, payload => job.payload, max_attempts => ${MAX_ATTEMPTS}::int, job_key => job.key,
             priority => ${BEHIND}::int)
      from unnest(
             ${jobs.map(({ payload }) => JSON.stringify(payload))}::json[],
             ${jobs.map(({ key }) => key)}::text[]) as job (payload, key)`.execute(trx)
}
