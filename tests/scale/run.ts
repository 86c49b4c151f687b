import { checkLoad } from './checks/check-load.ts'
import { checkLog } from './checks/check-log.ts'
import { checkOutputs } from './checks/check-outputs.ts'
import { checkSessions, countPooled } from './checks/check-sessions.ts'
import { checkSignatures } from './checks/check-signatures.ts'
import { runFailover } from './failover/run-failover.ts'
import { closeConnections } from './load/ask.ts'
import { keepAsking } from './load/keep-rate.ts'
import { beginReaders } from './load/readers.ts'
import { beginSigners } from './load/signers.ts'
import { play } from './play.ts'
import { createReport, type Report } from './report.ts'
import {
  type ClusterPrograms,
  findClusterPrograms,
  findPrograms,
  type Programs,
} from './site/find-programs.ts'
import { closeAll, openReplicatedSite, untilLogBegins } from './site/open-site.ts'

/**
 * Several nodes, really run, and some of them killed: see docs/scaling.md. Exit 0: all held, or the
 * servers for it are not installed; 1: a line says what did not. The argument is signers a second; or `failover`,
 * how often the primary is made to fail, and signers a second.
 */
const SIGNERS_A_SECOND = 60
const FAILOVERS = 20
const READERS_A_SECOND = 60
const POOLS_EVERY_MS = 500

async function main([what, times, signers]: string[]): Promise<number> {
  const programs = what === 'failover' ? findClusterPrograms() : findPrograms()
  if ('missing' in programs) {
    console.log(`skipped: needs ${programs.missing.join(', ')} (apt-get install, on Debian)`)
    return 0
  }
  const undo: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= closeAll(undo)
    return closing
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => close().then(() => process.exit(130)))
  }
  try {
    const report = createReport()
    if (isCluster(programs)) {
      const signersASecond = signers ? Number(signers) : undefined
      await runFailover(
        programs,
        undo,
        { times: Number(times ?? FAILOVERS), signersASecond },
        report,
      )
    } else {
      await runOn(programs, undo, Number(what ?? SIGNERS_A_SECOND), report)
    }
    const failures = report.failures()
    report.tell(failures.length === 0 ? 'all held' : `${failures.length} did not hold`)
    return failures.length === 0 ? 0 : 1
  } catch (error) {
    // Stopped in its midst, whatever fails next is no news.
    if (!closing) console.error(`scale: ${(error as Error).message}`)
    return 1
  } finally {
    closeConnections()
    await close()
  }
}

const isCluster = (programs: Programs): programs is ClusterPrograms => 'patroni' in programs

async function runOn(
  programs: Programs,
  undo: (() => Promise<unknown>)[],
  signersASecond: number,
  report: Report,
): Promise<void> {
  const site = await openReplicatedSite(programs, undo)
  await untilLogBegins(site)
  report.tell('nginx, 2 webs, 2 workers, PgBouncer, primary and replica run')

  const stop = new AbortController()
  const loadBegan = performance.now()
  const signers = beginSigners(site, signersASecond, stop.signal)
  const readers = beginReaders(site.origin, READERS_A_SECOND, stop.signal)
  const most = { servers: 0, clients: 0 }
  const watching = keepAsking(POOLS_EVERY_MS, stop.signal, async () => {
    const now = await countPooled(site)
    most.servers = Math.max(most.servers, now.servers)
    most.clients = Math.max(most.clients, now.clients)
  })
  const [kills] = await Promise.all([
    play(site, report).finally(() => stop.abort()),
    signers.done,
    readers.done,
    watching,
  ])

  const seconds = (performance.now() - loadBegan) / 1000
  checkLoad(report, { signers, readers, kills, seconds })
  await checkSignatures(site, signers, report)
  const logFolders = site.workers.map(site.dataDir)
  await checkLog({ ...site, logFolders }, report)
  await checkSessions(site, report, most)
  checkOutputs(site, report)
}

process.exitCode = await main(process.argv.slice(2))
