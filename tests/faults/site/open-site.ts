import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { freePort } from '../../../src/platform/database/embedded/launch-server.ts'
import type { Role } from '../../../src/start.ts'
import { PETITION } from '../../scale/petition.ts'
import { untilLogBegins } from '../../scale/site/open-site.ts'
import { makePlace } from '../../scale/site/place.ts'
import { throughPort } from '../../support/harness.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { startUnrulyMailServer, type UnrulyMailServer } from '../../support/unruly-mail-server.ts'
import { type Database, findPostgres, startDatabase } from './database.ts'
import { makeNode, type Node } from './node.ts'

/** What a trial wants to be there before it begins. */
export interface Shape {
  /** The program's processes; the first that answers is the one that people ask. Default: `start` alone. */
  nodes?: Role[]
  /** Whether what PostgreSQL acknowledges is on disk; needed where PostgreSQL is killed. */
  durable?: boolean
  environment?: Record<string, string>
}

/** The program's own processes, a real PostgreSQL behind a wire, a mail server that can misbehave. */
export interface Site {
  origin: string
  nodes: Node[]
  database: Database
  /** Between the program and its database. */
  wire: TcpProxy
  mail: UnrulyMailServer
  /** Past the wire. */
  sql: pg.Pool
  secretKey: Buffer
  /** Folders of the nodes that write the log. */
  logFolders: string[]
  /** Every signed checkpoint that a reader saw. */
  checkpoints: Set<string>
  /** One more process, on the same database; resolves before it runs: await its `start`. */
  addNode(role: Role, environment?: Record<string, string>): Promise<Node>
}

type Undo = (() => Promise<unknown>)[]

/** Whatever has been started is stopped and removed by `undo`, also when a later part fails to start. */
export async function openSite(shape: Shape, undo: Undo): Promise<Site> {
  const { nodes: roles = ['start'], durable = false } = shape
  const bare = await makePlace({ postgres: '' })
  undo.push(() => bare.remove())
  const place = { ...bare, programs: { postgres: await findPostgres(bare) } }
  const mail = await startUnrulyMailServer()
  undo.push(() => mail.goAway())
  const database = await startDatabase(place, { durable })
  undo.push(() => database.part.stop())
  const wire = await startTcpProxy({ host: '127.0.0.1', port: database.port })
  undo.push(() => wire.cut())
  undo.push(() => database.sql.end())

  const secretKey = randomBytes(32)
  const port = await freePort()
  const common = {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: throughPort(database.url, wire.port),
    SMTP_URL: mail.url,
    SECRET_KEY: secretKey.toString('base64'),
    LOG_KEY: randomBytes(32).toString('base64'),
    LOG_INTERVAL: '1',
    LIMITS: 'off',
    ...shape.environment,
  }
  const nodes: Node[] = []

  async function addNode(role: Role, environment: Record<string, string> = {}): Promise<Node> {
    const isFirst = nodes.every((node) => node.origin === null)
    const name = `${role}-${nodes.length + 1}`
    const own = role === 'worker' ? null : isFirst ? port : await freePort()
    const dataDir = place.dataDir(name)
    const node = makeNode({
      name,
      role,
      origin: own === null ? null : `http://127.0.0.1:${own}`,
      dataDir,
      logFile: place.logFile(name),
      environment: {
        ...common,
        DATA_DIR: dataDir,
        ...(own && { PORT: String(own) }),
        ...environment,
      },
    })
    nodes.push(node)
    undo.push(() => node.stop())
    return node
  }

  for (const role of roles) await (await addNode(role)).start()
  if (roles.length > 0) {
    await untilLogBegins({ origin: common.PUBLIC_URL })
    await warmUp(common.PUBLIC_URL)
  }
  return {
    origin: common.PUBLIC_URL,
    nodes,
    database,
    wire,
    mail,
    sql: database.sql,
    secretKey,
    get logFolders() {
      return nodes.filter(({ role }) => role !== 'web').map(({ dataDir }) => dataDir)
    },
    checkpoints: new Set(),
    addNode,
  }
}

/** As on a site that has had readers: its pages are in memory. */
async function warmUp(origin: string): Promise<void> {
  const { page, api } = PETITION
  for (const path of [page, `${page}?source=first`, api, `${api}/counts?by=country`]) {
    await (await fetch(`${origin}${path}`)).arrayBuffer()
  }
}
