import { checkLoad } from './checks/check-load.ts'
import { checkLog } from './checks/check-log.ts'
import { checkOutputs } from './checks/check-outputs.ts'
import { checkSessions, countPooled } from './checks/check-sessions.ts'
import { checkSignatures } from './checks/check-signatures.ts'
import { closeConnections } from './load/ask.ts'
import { keepAsking } from './load/keep-rate.ts'
import { beginReaders } from './load/readers.ts'
import { beginSigners } from './load/signers.ts'
import { play } from './play.ts'
import { createReport } from './report.ts'
import { findPrograms, type Programs } from './site/find-programs.ts'
import { closeAll, openSite } from './site/open-site.ts'
import { untilHolds } from './wait.ts'

/**
 * Several nodes, really run, and some of them killed: see docs/scaling.md. Exit 0: all held, or the
 * servers for it are not installed; 1: a line says what did not. The argument is signers a second.
 */
const SIGNERS_A_SECOND = Number(process.argv[2] ?? 60)
const READERS_A_SECOND = 60
const POOLS_EVERY_MS = 500
const LOG_BEGUN_WITHIN_MS = 20_000

async function main(): Promise<number> {
  const programs = findPrograms()
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
    return await runOn(programs, undo)
  } catch (error) {
    // Stopped in its midst, whatever fails next is no news.
    if (!closing) console.error(`scale: ${(error as Error).message}`)
    return 1
  } finally {
    closeConnections()
    await close()
  }
}

async function runOn(programs: Programs, undo: (() => Promise<unknown>)[]): Promise<number> {
  const report = createReport()
  const site = await openSite(programs, undo)
  const begun = await untilHolds(
    LOG_BEGUN_WITHIN_MS,
    async () => (await fetch(`${site.origin}/log/checkpoint`)).ok,
  )
  if (begun === null) throw new Error('the public log did not begin')
  report.tell('nginx, 2 webs, 2 workers, PgBouncer, primary and replica run')

  const stop = new AbortController()
  const loadBegan = performance.now()
  const signers = beginSigners(site, SIGNERS_A_SECOND, stop.signal)
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
  const failures = report.failures()
  report.tell(failures.length === 0 ? 'all held' : `${failures.length} did not hold`)
  return failures.length === 0 ? 0 : 1
}

process.exitCode = await main()
