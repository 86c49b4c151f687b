import { join } from 'node:path'
import { type Checkpoint, parseCheckpoint } from '../../../src/log/core/note/checkpoint.ts'
import { parseNote } from '../../../src/log/core/note/note.ts'
import { readSigned } from '../../../src/log/log-folder.ts'
import { checkLoad } from '../checks/check-load.ts'
import { checkLog } from '../checks/check-log.ts'
import { tellWarnings } from '../checks/check-outputs.ts'
import { checkSignatures } from '../checks/check-signatures.ts'
import { beginReaders, type Readers } from '../load/readers.ts'
import { beginSigners } from '../load/signers.ts'
import type { Report } from '../report.ts'
import type { ClusterPrograms } from '../site/find-programs.ts'
import { openSite, type Site, untilLogBegins } from '../site/open-site.ts'
import { makePlace } from '../site/place.ts'
import { startCluster } from './cluster.ts'
import { playFailover } from './play-failover.ts'

const SIGNERS_A_SECOND = 20
const READERS_A_SIGNER = 2
/** Presses of the button, a second or more apart. */
const PATIENCE = 90
/** Of a process that ended: so many characters. */
const LAST_WORDS = 2000

/** Three PostgreSQL under Patroni, of which the primary fails so many times. */
export async function runFailover(
  programs: ClusterPrograms,
  undo: (() => Promise<unknown>)[],
  { times, signersASecond = SIGNERS_A_SECOND }: { times: number; signersASecond?: number },
  report: Report,
): Promise<void> {
  const place = await makePlace(programs)
  undo.push(() => place.remove())
  const cluster = await startCluster(place, undo)
  report.tell('three PostgreSQL under Patroni, with etcd and HAProxy, run')
  const { primary, replica } = cluster
  const settings = { DATABASE_FAILOVER: 'synchronous' }
  const site = await openSite(place, { primary, replica, settings }, undo)
  await untilLogBegins(site)
  report.tell('nginx, 2 webs, 2 workers, PgBouncer run')
  const nodes = [...site.webs, ...site.workers]
  const pids = nodes.map(({ part }) => part.pid)

  const stop = new AbortController()
  const loadBegan = performance.now()
  const signers = beginSigners(site, signersASecond, stop.signal, PATIENCE)
  const readers = beginReaders(site.origin, READERS_A_SIGNER * signersASecond, stop.signal)
  const [failovers] = await Promise.all([
    playFailover({ site, cluster, signers }, times, report).finally(() => stop.abort()),
    signers.done,
    readers.done,
  ])

  const seconds = (performance.now() - loadBegan) / 1000
  const outages = failovers.map(({ outage }) => outage).sort((a, b) => a - b)
  const told = (ms: number | undefined) => `${((ms ?? 0) / 1000).toFixed(1)} s`
  report.tell(
    `${failovers.length} failovers: forms away for p50 ${told(outages[outages.length >> 1])}, longest ${told(outages.at(-1))}`,
  )
  checkLoad(report, { signers, readers, kills: [], seconds })
  await checkSignatures(site, signers, report)
  const logFolders = site.workers.map(site.dataDir)
  await checkLog({ ...site, logFolders }, report, await collectCheckpoints(site, readers))
  for (const { name, part } of nodes.filter(({ part }) => !part.alive())) {
    report.tell(`${name} ended: ${part.output().trim().slice(-LAST_WORDS)}`)
  }
  report.check(
    'no process was started again',
    nodes.every(({ part }, nth) => part.alive() && part.pid === pids[nth]),
    `${nodes.filter(({ part }) => part.alive()).length} of ${nodes.length} run`,
  )
  tellWarnings(site, report)
}

/** What readers saw, and what each worker signed last. */
async function collectCheckpoints(site: Site, readers: Readers): Promise<Checkpoint[]> {
  const signed = await Promise.all(
    site.workers.map((worker) => readSigned(join(site.dataDir(worker), 'log'))),
  )
  const notes = [
    ...[...readers.checkpoints].map((text) => new TextEncoder().encode(text)),
    ...signed.flatMap((each) => (each ? [each.note] : [])),
  ]
  return notes.map((note) => parseCheckpoint(parseNote(note).text))
}
