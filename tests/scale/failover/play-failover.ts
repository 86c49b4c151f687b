import type { Signers } from '../load/signers.ts'
import type { Report } from '../report.ts'
import type { Site } from '../site/open-site.ts'
import { untilHolds, wait } from '../wait.ts'
import type { Cluster } from './cluster.ts'
import type { Machine } from './machine.ts'

/** What the issue of a failover promises to a signer. */
const WRITES_WITHIN_MS = 30_000
/** Longer, so that a miss is measured rather than guessed. */
const OBSERVED_MS = 90_000
const GOES_ON_WITHIN_MS = 30_000
const CALM_MS = 3000

/** How the primary fails, in turn. */
const FAULTS = [
  { what: 'is killed', make: async (each: Machine) => each.losePostgres() },
  { what: 'vanishes with Patroni and etcd', make: (each: Machine) => each.loseEverything() },
  { what: 'stands still with Patroni', make: async (each: Machine) => each.freeze() },
]

export interface Failover {
  what: string
  at: number
  /** Longest pause between two forms that were taken. */
  outage: number
}

/** The primary fails so many times while people sign and read. */
export async function playFailover(
  { site, cluster, signers }: { site: Site; cluster: Cluster; signers: Signers },
  times: number,
  report: Report,
): Promise<Failover[]> {
  const failovers: Failover[] = []
  for (let nth = 0; nth < times; nth++) {
    if (!(await checkWhole(cluster, report))) break
    await wait(CALM_MS)
    const former = (await cluster.findLeader())!
    const { what, make } = FAULTS[nth % FAULTS.length]!
    const at = performance.now()
    await make(former)
    const replaced = await untilHolds(OBSERVED_MS, async () => {
      const leader = await cluster.findLeader()
      return leader !== null && leader !== former
    })
    const taken = await untilHolds(
      OBSERVED_MS,
      () => (signers.signedAt.at(-1) ?? 0) > at + (replaced ?? 0),
    )
    const outage = longestPause(signers.signedAt, at)
    report.check(
      `${nth + 1}. ${former.name} ${what}: forms are taken again within ${WRITES_WITHIN_MS / 1000} s`,
      replaced !== null && taken !== null && outage <= WRITES_WITHIN_MS,
      `${seconds(outage)}; another leads after ${replaced === null ? 'ever' : seconds(replaced)}`,
    )
    failovers.push({ what, at, outage })
    await checkGoesOn(site, signers, report)
    former.thaw()
    former.start()
    const ended = [...site.webs, ...site.workers].filter(({ part }) => !part.alive())
    if (replaced === null || ended.length > 0) break
  }
  await checkWhole(cluster, report)
  return failovers
}

/** The former primary follows the new one. */
async function checkWhole(cluster: Cluster, report: Report): Promise<boolean> {
  const why = await cluster.untilWhole()
  if (why) report.check('all three are there again', false, why)
  return why === null
}

/** Jobs (LISTEN, advisory locks), counts, sealing and the log, each by what the public sees of it. */
async function checkGoesOn(site: Site, signers: Signers, report: Report): Promise<void> {
  const before = {
    mails: site.mail.taken.length,
    size: await readSize(site),
    at: signers.signedAt.length,
  }
  const gone = await untilHolds(
    GOES_ON_WITHIN_MS,
    async () => site.mail.taken.length > before.mails && (await readSize(site)) > before.size,
  )
  report.check(
    '   mails, sealing and the log go on',
    gone !== null,
    gone === null
      ? `${site.mail.taken.length - before.mails} mails, ${(await readSize(site)) - before.size} entries of the log for ${signers.signedAt.length - before.at} forms in ${seconds(GOES_ON_WITHIN_MS)}`
      : `after ${seconds(gone)}`,
  )
}

async function readSize({ origin }: Site): Promise<number> {
  const answer = await fetch(`${origin}/log/checkpoint`)
  return answer.ok ? Number((await answer.text()).split('\n')[1]) : Number.NaN
}

/** From that moment on, to the next form that is taken after each. */
function longestPause(times: number[], from: number): number {
  let longest = 0
  let last = from
  for (const time of times) {
    if (time <= from) continue
    longest = Math.max(longest, time - last)
    last = time
  }
  return Math.max(longest, performance.now() - last)
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
