import pg from 'pg'
import type { Report } from '../report.ts'
import type { Site } from '../site/open-site.ts'

/** Each of two workers has one for mails, and one for all else. */
const RUNNERS = 4

/** Two webs and two workers with a pool of their own each; see src/site.ts. */
const WITHOUT_A_POOLER = 80
/** As many transactions at once as bring up most of the pooler's connections. */
const AT_ONCE = 16

interface Session {
  pid: number
  leftovers: string
  time_limit: string
}

const LEFTOVERS = `
  select pg_backend_pid() as pid, current_setting('statement_timeout') as time_limit,
         (select count(*) from pg_listening_channels())
         + (select count(*) from pg_prepared_statements)
         + (select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory')
         + (select count(*) from pg_class where relnamespace = pg_my_temp_schema()) as leftovers`

/** How many connections to the primary the pooler has, and how many it serves with them. */
export async function countPooled(site: Site): Promise<{ servers: number; clients: number }> {
  const admin = new pg.Client(site.poolerUrl('pgbouncer'))
  await admin.connect()
  try {
    const { rows } = await admin.query<Record<string, string>>('show pools')
    const sum = (...columns: string[]) =>
      rows
        .filter(({ database }) => database !== 'pgbouncer')
        .flatMap((row) => columns.map((column) => Number(row[column])))
        .reduce((total, count) => total + count, 0)
    return {
      servers: sum('sv_active', 'sv_idle', 'sv_used', 'sv_tested', 'sv_login'),
      clients: sum('cl_active', 'cl_waiting'),
    }
  } finally {
    await admin.end()
  }
}

/** Nothing of one transaction is left in the session that serves the next. */
export async function checkSessions(
  site: Site,
  report: Report,
  most: { servers: number; clients: number },
): Promise<void> {
  const sessions = [
    ...(await readSessions(site.poolerUrl('undersigned'))),
    ...(await readSessions(site.poolerUrl('undersigned_work'))),
  ]
  const clean = sessions.filter((each) => each.leftovers === '0' && each.time_limit === '30s')
  report.check(
    'no session state through PgBouncer, each with its time limit',
    sessions.length > 0 && clean.length === sessions.length,
    `${clean.length} of ${sessions.length} sessions clean`,
  )
  report.check(
    'PgBouncer opens fewer connections than the nodes would',
    most.servers < WITHOUT_A_POOLER,
    `at most ${most.servers} to the primary for ${most.clients} of the nodes, who may open ${WITHOUT_A_POOLER}`,
  )
  const { rows } = await site.sql.query<{ sessions: string; locks: string; listen: string }>(
    `select count(*) as sessions,
            (select count(*) from pg_locks where locktype = 'advisory') as locks,
            count(*) filter (where query like 'LISTEN%') as listen
       from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const { sessions: all, locks, listen } = rows[0]!
  report.check(
    'both workers listen and hold their sign of life, past PgBouncer',
    Number(listen) === RUNNERS && Number(locks) >= RUNNERS,
    `${listen} listen, ${locks} advisory locks, ${all} sessions on the primary in all`,
  )
}

/** Holds transactions open at once, so that each has a session of its own. */
async function readSessions(url: string): Promise<Session[]> {
  const clients = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const client = new pg.Client(url)
      await client.connect()
      return client
    }),
  )
  try {
    for (const client of clients) await client.query('begin')
    const answers = await Promise.all(clients.map((client) => client.query<Session>(LEFTOVERS)))
    for (const client of clients) await client.query('commit')
    return answers.map(({ rows }) => rows[0]!)
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}
