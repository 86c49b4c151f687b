import type pg from 'pg'
import { inTime } from '../in-time.ts'
import { hasSqlState } from './sql-state.ts'
import { StrictClient } from './strict-client.ts'
import { isDatabaseAway } from './unavailable.ts'

/** A server that runs answers a new connection in milliseconds, one under the heaviest load in a second. */
const ANSWERS_WITHIN_MS = 2000
/** A session whose statement has just ended may have its answer on the way. */
const ON_THE_WAY_SECONDS = 1

/**
 * Asks over a new connection, since each of the pool's may be the one that is dead.
 *
 * @param sessions process ids on the server
 * @returns those that work on a statement, also when they wait for a lock
 * @throws TooLate after two seconds
 */
export async function askServer(
  options: pg.ClientConfig,
  sessions: number[],
): Promise<Set<number>> {
  const client = new StrictClient(options)
  client.on('error', () => {})
  const question = ask(client, sessions)
  try {
    const working = await inTime(question, ANSWERS_WITHIN_MS, 'the database does not answer')
    client.end().catch(() => {})
    return working
  } catch (error) {
    // No goodbye to a server that doesn't read it.
    client.connection.stream.destroy()
    throw error
  }
}

async function ask(client: pg.Client, sessions: number[]): Promise<Set<number>> {
  await client.connect()
  // Without track_activities there is no state: nothing is held against such a session.
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
      where pid = any($1::int[])
        and (state is null or state not like 'idle%'
             or state_change > now() - $2 * interval '1 second')`,
    [sessions, ON_THE_WAY_SECONDS],
  )
  return new Set(rows.map(({ pid }) => pid))
}

/** Whether an error of `askServer` means that nobody answers; a server that is full or refuses us does. */
export const isSilence = (error: unknown): boolean =>
  isDatabaseAway(error) && !hasSqlState(error, 'tooManyConnections')
