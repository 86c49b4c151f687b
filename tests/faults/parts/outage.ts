import { POOL_SIZE } from '../../../src/site.ts'
import { latencies } from '../../scale/report.ts'
import { untilHolds, wait } from '../../scale/wait.ts'
import type { Site } from '../site/open-site.ts'
import { PATIENCE, type Stage } from '../trial.ts'

/** Sessions of ours, and one that listens. */
const MARGIN = 6
/** Browsers' connections come and go. */
const MORE_HANDLES = 60
const WARM_MS = 3000
const LASTS_MS = 10_000
const SHORT_MS = 5000
const SETTLES_WITHIN_MS = 30_000
const TELLS_WITHIN_MS = 20_000
/** Pages are answered from memory after a second; the rest is for a machine that is short of breath. */
const PAGES_WITHIN_MS = 3500

interface Outage {
  break(): Promise<unknown> | unknown
  mend(): Promise<unknown> | unknown
  /** In the full length; default: ten seconds. */
  lastsMs?: number
  /** Whether forms can't be taken meanwhile. */
  isTotal?: boolean
}

/** The same outage, one after the other. */
export async function playOutages(stage: Stage, size: number, outage: Outage): Promise<void> {
  for (let nth = 0; nth < size; nth++) await playOutage(stage, outage)
}

/** The database is away for a while: readers and signers learn it as promised, and it leaves nothing behind. */
async function playOutage(stage: Stage, outage: Outage): Promise<void> {
  const { site, crowd, check, tell, ran } = stage
  const { isTotal = true, lastsMs = LASTS_MS } = outage
  // What readers ask for is in memory by then.
  await wait(WARM_MS)
  const begun = performance.now()
  await outage.break()
  if (isTotal) {
    const told = await untilHolds(
      TELLS_WITHIN_MS,
      async () => (await readiness(site.origin)) === 503,
    )
    check(
      '/readyz says that the database is away',
      told !== null,
      `not within ${TELLS_WITHIN_MS} ms`,
    )
  }
  const lengthMs = stage.isShort ? SHORT_MS : lastsMs
  await wait(Math.max(0, lengthMs - (performance.now() - begun)))
  const mended = performance.now()
  await outage.mend()
  ran(await crowd.untilTaken())

  const during = crowd.heard.filter(({ at }) => at >= begun && at < mended)
  const of = (wanted: 'page' | 'form') => during.filter(({ what }) => what === wanted)
  const took = of('page').map(({ at, ms }) => ({ at, ms }))
  const withinMs = PAGES_WITHIN_MS * (stage.isShort ? PATIENCE : 1)
  const slow = took.filter(({ ms }) => ms > withinMs)
  check(
    `pages wait at most ${withinMs} ms`,
    slow.length <= took.length / 100,
    `${slow.length} of ${took.length} did not: ${latencies(took)}`,
  )
  const refused = of('form').filter(({ status }) => status === 503)
  tell(
    `${refused.length} of ${of('form').length} forms refused (${latencies(refused)}); pages: ${latencies(took)}`,
  )

  await checkLeftovers(stage)
  const isReady = await untilHolds(
    TELLS_WITHIN_MS,
    async () => (await readiness(site.origin)) === 200,
  )
  check('/readyz says that all is well again', isReady !== null, `not within ${TELLS_WITHIN_MS} ms`)
}

/** That outages leave nothing behind, which would add up: the first one's remains are what the others' are held to. */
async function checkLeftovers(stage: Stage): Promise<void> {
  const { site, check } = stage
  const sessions = POOL_SIZE * site.nodes.length + MARGIN
  const most = { sessions, handles: leftovers.get(site)?.handles ?? Number.POSITIVE_INFINITY }
  let now = await weigh(stage)
  await untilHolds(SETTLES_WITHIN_MS, async () => {
    now = await weigh(stage)
    return now.sessions <= most.sessions && now.handles <= most.handles
  })
  check('outages leave no sessions behind', now.sessions <= most.sessions, told(now))
  check(
    'outages leave no handles behind',
    now.handles <= most.handles,
    `${told(now)}, at most ${most.handles}`,
  )
  if (!leftovers.has(site)) leftovers.set(site, { ...now, handles: now.handles + MORE_HANDLES })
}

const leftovers = new WeakMap<Site, Held>()

interface Held {
  sessions: number
  handles: number
}

const told = ({ sessions, handles }: Held) => `${sessions} sessions and ${handles} handles`

async function weigh({ site }: Stage): Promise<Held> {
  const { rows } = await site.sql.query<{ count: string }>(
    `select count(*) from pg_stat_activity where datname = current_database()`,
  )
  const weights = await Promise.all(site.nodes.map((node) => node.weigh()))
  return {
    sessions: Number(rows[0]!.count),
    handles: weights.reduce((sum, { handles }) => sum + handles, 0),
  }
}

const readiness = (origin: string) =>
  fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5000) }).then(
    ({ status }) => status,
    () => 0,
  )
