import { checkSessions, countPooled } from './checks/check-sessions.ts'
import { checkSignatures } from './checks/check-signatures.ts'
import { closeConnections } from './load/ask.ts'
import { keepAsking } from './load/keep-rate.ts'
import { beginReaders, type Readers } from './load/readers.ts'
import { beginSigners, type Signers } from './load/signers.ts'
import { play } from './play.ts'
import { createReport, latencies, type Report } from './report.ts'
import { findPrograms, type Programs } from './site/find-programs.ts'
import { closeAll, openSite, type Site } from './site/open-site.ts'
import { untilHolds } from './wait.ts'

/**
 * Several nodes, really run, and some of them killed: see docs/scaling.md. Exit 0: all held, or the
 * servers for it are not installed; 1: a line says what did not.
 */
const SIGNERS_A_SECOND = Number(process.argv[2] ?? 60)
const READERS_A_SECOND = 60
/** pino's level. */
const WARN = 40
const AFTER_A_KILL_MS = 2000
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
  const watching = keepAsking(500, stop.signal, async () => {
    const now = await countPooled(site)
    most.servers = Math.max(most.servers, now.servers)
    most.clients = Math.max(most.clients, now.clients)
  })
  const kills = await play(site, report).finally(() => stop.abort())
  await Promise.all([signers.done, readers.done, watching])

  tellLoad(report, signers, readers, (performance.now() - loadBegan) / 1000)
  for (const { what, at } of kills) {
    const span = { from: at, to: at + AFTER_A_KILL_MS }
    report.tell(`after ${what} was killed: forms ${latencies(signers.took, span)}`)
    report.tell(`after ${what} was killed: pages ${latencies(readers.took, span)}`)
  }
  await checkSignatures(site, signers, report)
  await checkSessions(site, report, most)
  checkOutputs(site, report)
  const failures = report.failures()
  report.tell(failures.length === 0 ? 'all held' : `${failures.length} did not hold`)
  return failures.length === 0 ? 0 : 1
}

function tellLoad(report: Report, signers: Signers, readers: Readers, seconds: number): void {
  const { signed, confirmed, sentAgain } = signers
  report.tell(
    `${signed.size} signed and ${confirmed.size} confirmed in ${seconds.toFixed(0)} s, ${readers.answered} pages and figures`,
  )
  report.tell(`forms: ${latencies(signers.took)}; ${sentAgain} sent again by hand after an error`)
  report.tell(`mails: ${latencies(signers.mailed)}`)
  report.tell(`pages: ${latencies(readers.took)}`)
  report.check(
    'pages, figures and the log were there throughout',
    readers.failed.length === 0,
    `${readers.failed.length} of ${readers.answered} failed${tellFirst(readers.failed)}`,
  )
  report.check(
    'the count never went back',
    readers.wentBack.length === 0,
    `${readers.wentBack.length} times${tellFirst(readers.wentBack)}`,
  )
}

const tellFirst = ([first]: object[]) => (first ? `, first ${JSON.stringify(first)}` : '')

/** What the nodes warned of, and whatever they called an error. */
function checkOutputs({ webs, workers }: Site, report: Report): void {
  const told = new Map<string, number>()
  const errors: { line: string }[] = []
  for (const { name, part } of [...webs, ...workers]) {
    for (const line of part.output().split('\n')) {
      const level = Number(/^{"level":(\d+)/.exec(line)?.[1] ?? 0)
      if (level < WARN) continue
      const text = `${name}: ${/"msg":"([^"]*)/.exec(line)?.[1]}`
      told.set(text, (told.get(text) ?? 0) + 1)
      if (level > WARN) errors.push({ line: `${name}: ${line.slice(0, 300)}` })
    }
  }
  for (const [text, times] of told) report.tell(`${text} (${times})`)
  report.check(
    'no node logged an error',
    errors.length === 0,
    `${errors.length}${tellFirst(errors)}`,
  )
}

process.exitCode = await main()
