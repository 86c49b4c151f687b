import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { type MailSink, startMailSink } from '../load/mail-sink.ts'
import { beginNode, type Part, untilReady } from './begin.ts'
import type { Programs } from './find-programs.ts'
import { startBalancer, startPooler } from './front.ts'
import { makePlace } from './place.ts'
import { type Postgres, startPrimary, startReplica } from './postgres.ts'

/** Seconds: so short that several batches pass during a run. */
const LOG_INTERVAL = '3'
const STOPPED_WITHIN_MS = 20_000

/** A node of the program that can be killed and begun again. */
export interface Node {
  name: string
  part: Part
  restart(): Promise<void>
}

/** Everything at once: nginx, two webs, two workers, PgBouncer, a primary, a replica, a mail server. */
export interface Site {
  origin: string
  mail: MailSink
  webs: [Node, Node]
  workers: [Node, Node]
  primary: Postgres
  replica: Postgres
  poolerUrl(database: string): string
  /** On the primary, past the pooler. */
  sql: pg.Pool
  secretKey: Buffer
  dataDir(node: Node): string
}

/** Whatever has been started is stopped and removed by `undo`, also when a later part fails to start. */
export async function openSite(
  programs: Programs,
  undo: (() => Promise<unknown>)[],
): Promise<Site> {
  const place = await makePlace(programs)
  undo.push(() => place.remove())
  const mail = await startMailSink()
  undo.push(() => mail.close())
  const primary = await startPrimary(place)
  undo.push(() => primary.part.stop())
  const replica = await startReplica(place, primary)
  undo.push(() => replica.part.stop())
  const pooler = await startPooler(place, primary)
  undo.push(() => pooler.part.stop())

  const own = await freePort()
  const webPorts: [number, number] = [await freePort(), await freePort()]
  const balancer = await startBalancer(place, { own, webs: webPorts })
  undo.push(() => balancer.stop())
  const origin = `http://127.0.0.1:${own}`
  const secretKey = randomBytes(32)
  const common = {
    PUBLIC_URL: origin,
    TRUST_PROXY: '127.0.0.1',
    DATABASE_DIRECT_URL: primary.url,
    SMTP_URL: mail.url,
    SECRET_KEY: secretKey.toString('base64'),
    LOG_KEY: randomBytes(32).toString('base64'),
    LOG_INTERVAL,
    LOG_LEVEL: 'info',
    DEMO: '0',
  }

  const node = async (name: string, role: 'web' | 'worker', own: Record<string, string>) => {
    const environment = { ...common, DATA_DIR: place.dataDir(name), ...own }
    const begin = () => beginNode(name, role, environment, place.logFile(name))
    const node: Node = {
      name,
      part: begin(),
      async restart() {
        node.part = begin()
        await untilRuns(node.part)
      },
    }
    undo.push(() => node.part.stop())
    await untilRuns(node.part)
    return node
  }
  const web = (place: 0 | 1, demo: '0' | '1') =>
    node(`web ${place + 1}`, 'web', {
      PORT: String(webPorts[place]),
      DATABASE_URL: pooler.url('undersigned'),
      DATABASE_REPLICA_URL: replica.url,
      DEMO: demo,
    })
  const worker = (name: string) =>
    node(name, 'worker', { DATABASE_URL: pooler.url('undersigned_work') })

  // One publishes the petition; the others find it.
  const first = await web(0, '1')
  const [second, ...workers] = await Promise.all([
    web(1, '0'),
    worker('worker 1'),
    worker('worker 2'),
  ])
  const sql = new pg.Pool({ connectionString: primary.url, max: 3 })
  sql.on('error', () => {})
  undo.push(() => sql.end())
  return {
    origin,
    mail,
    webs: [first, second],
    workers: [workers[0]!, workers[1]!],
    primary,
    replica,
    poolerUrl: pooler.url,
    sql,
    secretKey,
    dataDir: ({ name }) => place.dataDir(name),
  }
}

const untilRuns = (part: Part) => untilReady(part, async () => part.output().includes('Ctrl-C'))

/** Backwards; what can't be stopped must not keep the rest running. */
export async function closeAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  const late = setTimeout(() => process.exit(1), STOPPED_WITHIN_MS)
  for (const step of undo.splice(0).reverse()) await step().catch(() => {})
  clearTimeout(late)
}
