import pg from 'pg'
import { playOutages } from '../parts/outage.ts'
import type { Trial } from '../trial.ts'

export const trial: Trial = {
  name: 'database-full',
  what: 'others take every connection that PostgreSQL has (`max_connections`), for 10 s',
  sizes: { short: 0, long: 20 },
  allows: { refusals: true, mailsEach: 2 },
  async run(stage, size) {
    const { database } = stage.site
    const others: pg.Client[] = []
    await playOutages(stage, size, {
      break: () => takeAll(database.url, others),
      mend: () => Promise.all(others.splice(0).map((client) => client.end().catch(() => {}))),
    })
  },
}

/** Ends the program's sessions, and is quicker than the program at opening new ones. */
async function takeAll(url: string, taken: pg.Client[]): Promise<void> {
  const first = await open(url)
  taken.push(first)
  for (let refused = 0; refused < 3; ) {
    await first.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> $1`,
      [NAME],
    )
    try {
      for (;;) taken.push(await open(url))
    } catch {
      refused++
    }
  }
}

const NAME = 'others'

async function open(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: NAME })
  client.on('error', () => {})
  await client.connect()
  return client
}
