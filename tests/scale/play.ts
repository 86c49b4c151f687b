import pg from 'pg'
import { countPublicReads } from './checks/public-reads.ts'
import type { Report } from './report.ts'
import type { Node, ReplicatedSite } from './site/open-site.ts'
import { untilHolds, wait } from './wait.ts'

/** Names are looked up at most every other second. */
const OBSERVED_MS = 4500
/** A supervisor's pause. */
const AWAY_MS = 3000
const AT_WORK_WITHIN_MS = 5000
const REPLAY_PAUSED_MS = 4000
/** Of the replica, from its kill on. */
const NOTICED_WITHIN_MS = 5000
const BACK_WITHIN_MS = 15_000

const GONE = 'the replica is not read from'
const BACK = 'public reads go to the replica'

export interface Moment {
  what: string
  /** On the clock of `performance.now()`. */
  at: number
}

/** What happens to the site while people sign and read. @returns when what was killed */
export async function play(site: ReplicatedSite, report: Report): Promise<Moment[]> {
  const kills: Moment[] = []
  await untilHolds(BACK_WITHIN_MS, () => count(site, BACK) >= 2)
  await observe(site, report, 'the replica answers the public', 'replica')
  for (const node of [site.webs[0], site.workers[0]]) {
    if (node === site.workers[0]) await untilHolds(AT_WORK_WITHIN_MS, () => bothWork(site))
    kills.push({ what: node.name, at: performance.now() })
    await killNode(node, report)
  }

  const noticed = count(site, GONE)
  report.tell('the replica is killed')
  kills.push({ what: 'the replica', at: performance.now() })
  await site.replica.part.kill()
  const gone = await untilHolds(NOTICED_WITHIN_MS, () => count(site, GONE) >= noticed + 2)
  report.check(
    'both webs leave a dead replica',
    gone !== null,
    gone === null ? 'not noticed' : `after ${Math.round(gone)} ms`,
  )
  await observe(site, report, 'the primary answers instead', 'primary')

  const back = count(site, BACK)
  report.tell('the replica is started again')
  const begun = performance.now()
  await site.replica.restart()
  const started = performance.now() - begun
  const returned = await untilHolds(BACK_WITHIN_MS, () => count(site, BACK) >= back + 2)
  report.check(
    'both webs return to it',
    returned !== null,
    returned === null
      ? `not within ${BACK_WITHIN_MS / 1000} s`
      : `${seconds(started)} to start, ${seconds(returned)} until it is read again`,
  )
  await observe(site, report, 'the replica answers again', 'replica')
  await pauseReplay(site, report)
  return kills
}

/** Both in the midst of mailing: what is killed then leaves jobs behind. */
async function bothWork({ sql }: ReplicatedSite): Promise<boolean> {
  const { rows } = await sql.query<{ workers: string }>(
    'select count(distinct locked_by) as workers from graphile_worker.jobs',
  )
  return rows[0]!.workers === '2'
}

async function killNode(node: Node, report: Report): Promise<void> {
  report.tell(`${node.name} is killed`)
  await node.part.kill()
  await wait(AWAY_MS)
  await node.restart()
  report.tell(`${node.name} runs again`)
}

/** A replica that answers and stands still must not pass for a fresh one. */
async function pauseReplay(site: ReplicatedSite, report: Report): Promise<void> {
  const noticed = count(site, GONE)
  const replica = new pg.Client(site.replica.url)
  await replica.connect()
  report.tell("the replica's replay is paused")
  await replica.query('select pg_wal_replay_pause()')
  const gone = await untilHolds(REPLAY_PAUSED_MS, () => count(site, GONE) >= noticed + 2)
  await replica.query('select pg_wal_replay_resume()')
  await replica.end()
  report.check(
    'both webs leave a replica that lags',
    gone !== null,
    gone === null ? 'not noticed' : `after ${seconds(gone)}`,
  )
}

/** That public reads go where they should. On a machine that is short of breath a replica may be late once. */
async function observe(
  site: ReplicatedSite,
  report: Report,
  what: string,
  where: 'primary' | 'replica',
): Promise<void> {
  const before = await countPublicReads(site)
  await wait(OBSERVED_MS)
  const after = await countPublicReads(site)
  const primary = after.primary - before.primary
  const replica = (after.replica ?? 0) - (before.replica ?? 0)
  const [here, there] = where === 'primary' ? [primary, replica] : [replica, primary]
  report.check(
    what,
    here > there && (where === 'replica' || there === 0),
    `${primary} reads of names on the primary, ${after.replica === null ? 'none' : replica} on the replica`,
  )
}

const count = ({ webs }: ReplicatedSite, text: string) =>
  webs.reduce((total, { part }) => total + part.output().split(text).length - 1, 0)

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
