import { type Kysely, sql } from 'kysely'

/** Jobs that are due and that nobody has taken. */
interface JobBacklog {
  due: number
  /** Seconds for which the oldest has been due; 0 where none waits. */
  oldest: number
}

/** @param tasks null for all */
export async function measureJobs<T>(
  db: Kysely<T>,
  tasks: readonly string[] | null,
): Promise<JobBacklog> {
  const { rows } = await sql<JobBacklog>`
    select count(*)::int as due, coalesce(extract(epoch from now() - min(run_at)), 0)::float as oldest
      from graphile_worker.jobs
     where locked_at is null and run_at <= now() and attempts < max_attempts
       and (${tasks}::text[] is null or task_identifier = any (${tasks}::text[]))`.execute(db)
  return rows[0]!
}
