import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import { type MailSink, startMailSink } from '../load/mail-sink.ts'
import { untilHolds } from '../wait.ts'
import { beginNode, type Part, untilReady } from './begin.ts'
import type { Programs } from './find-programs.ts'
import { startBalancer, startPooler } from './front.ts'
import { makePlace, type Place } from './place.ts'
import { type Postgres, startPrimary, startReplica, USER } from './postgres.ts'

/** Seconds: so short that several batches pass during a run. */
const LOG_INTERVAL = '3'
const STOPPED_WITHIN_MS = 20_000
const LOG_BEGUN_WITHIN_MS = 20_000

/** A node of the program that can be killed and begun again. */
export interface Node {
  name: string
  part: Part
  restart(): Promise<void>
}

/** nginx, two webs, two workers, PgBouncer, a mail server; and a database. */
export interface Site {
  origin: string
  mail: MailSink
  webs: [Node, Node]
  workers: [Node, Node]
  poolerUrl(database: string): string
  /** On the primary, past the pooler. */
  sql: pg.Pool
  secretKey: Buffer
  dataDir(node: Node): string
}

/** With a primary and a replica that stay what they are. */
export interface ReplicatedSite extends Site {
  primary: Postgres
  replica: Postgres
}

/** Ports of this machine that lead to the database. */
interface DatabaseOfSite {
  primary: number
  replica: number
  /** Besides the addresses. */
  settings: Record<string, string>
}

/** Whatever has been started is stopped and removed by `undo`, also when a later part fails to start. */
export async function openReplicatedSite(
  programs: Programs,
  undo: (() => Promise<unknown>)[],
): Promise<ReplicatedSite> {
  const place = await makePlace(programs)
  undo.push(() => place.remove())
  const primary = await startPrimary(place)
  undo.push(() => primary.part.stop())
  const replica = await startReplica(place, primary)
  undo.push(() => replica.part.stop())
  const ports = { primary: primary.port, replica: replica.port, settings: {} }
  return { ...(await openSite(place, ports, undo)), primary, replica }
}

export async function openSite(
  place: Place,
  database: DatabaseOfSite,
  undo: (() => Promise<unknown>)[],
): Promise<Site> {
  const mail = await startMailSink()
  undo.push(() => mail.close())
  const pooler = await startPooler(place, { port: database.primary })
  undo.push(() => pooler.part.stop())
  const urlOf = (port: number) =>
    `postgres://${USER}:${place.password}@127.0.0.1:${port}/undersigned`

  const own = await freePort()
  const webPorts: [number, number] = [await freePort(), await freePort()]
  const balancer = await startBalancer(place, { own, webs: webPorts })
  undo.push(() => balancer.stop())
  const origin = `http://127.0.0.1:${own}`
  const secretKey = randomBytes(32)
  const common = {
    PUBLIC_URL: origin,
    TRUST_PROXY: '127.0.0.1',
    DATABASE_DIRECT_URL: urlOf(database.primary),
    SMTP_URL: mail.url,
    SECRET_KEY: secretKey.toString('base64'),
    LOG_KEY: randomBytes(32).toString('base64'),
    LOG_INTERVAL,
    LOG_LEVEL: 'info',
    DEMO: '0',
    // The signers have no browser that works for them.
    LIMITS: 'off',
    ...database.settings,
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
      DATABASE_REPLICA_URL: urlOf(database.replica),
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
  const sql = new pg.Pool({ connectionString: urlOf(database.primary), max: 3 })
  sql.on('error', () => {})
  undo.push(() => sql.end())
  return {
    origin,
    mail,
    webs: [first, second],
    workers: [workers[0]!, workers[1]!],
    poolerUrl: pooler.url,
    sql,
    secretKey,
    dataDir: ({ name }) => place.dataDir(name),
  }
}

/** @throws when it doesn't */
export async function untilLogBegins({ origin }: Pick<Site, 'origin'>): Promise<void> {
  const begun = await untilHolds(
    LOG_BEGUN_WITHIN_MS,
    async () => (await fetch(`${origin}/log/checkpoint`)).ok,
  )
  if (begun === null) throw new Error('the public log did not begin')
}

const untilRuns = (part: Part) => untilReady(part, async () => part.output().includes('Ctrl-C'))

/** Backwards; what can't be stopped must not keep the rest running. */
export async function closeAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  const late = setTimeout(() => process.exit(1), STOPPED_WITHIN_MS)
  for (const step of undo.splice(0).reverse()) await step().catch(() => {})
  clearTimeout(late)
}
