import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { Logger, runOnce } from 'graphile-worker'
import pino from 'pino'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/database.ts'
import { createTasks, logMails } from '../../src/jobs/create-tasks.ts'
import type { LogWriter } from '../../src/log/sequencing/log-writer.ts'
import { sequenceLog } from '../../src/log/sequencing/sequence-log.ts'
import { type Connection, connect } from '../../src/platform/database/connect.ts'
import { createPublicReads } from '../../src/platform/database/read-replica.ts'
import { endsInTime } from '../../src/platform/in-time.ts'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { logOptions } from '../../src/platform/logger.ts'
import { createMailer } from '../../src/platform/mail/mailer.ts'
import { createSealPool, type SealPool } from '../../src/sealing/seal-pool.ts'
import { sealBatch } from '../../src/signature/seal-batch.ts'
import { createSite, type Site } from '../../src/site.ts'
import { copyDemo } from './demo.ts'
import { type MailServer, startMailServer } from './mail-server.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { createTestClock, type TestClock } from './test-clock.ts'
import { createTestDatabase, inRole, runSql, TEST_ROLES } from './test-database.ts'
import { agreed, TESTER } from './tester.ts'
import { until } from './until.ts'

const SECRET = Buffer.alloc(32, 7)
const GOODBYE_MS = 2000

/**
 * The whole program on a database of its own, web and worker each in a role that has its rights alone, with a clock that the
 * test moves and real mail.
 */
export interface Harness {
  origin: string
  /** Its verbs run as the tables' owner, as commands do. */
  site: Site
  connection: Connection<Database>
  /** Of the pages. */
  webConnection: Connection<Database>
  /** Directly to the database, whatever the wire does. */
  databaseUrl: string
  /** Between the program and its database: cut it, and the database is away. */
  wire: TcpProxy
  clock: TestClock
  mail: MailServer
  /** For processes of the program beside this one: the same database, folder, mail server and secret. */
  environment: Record<string, string>
  /** Everything that the program logged, as lines of JSON. */
  logged: string[]
  /** Runs every job that is due now, as a worker would. */
  work(): Promise<void>
  /** Lets jobs that wait for a later time run at the next `work`. */
  makeJobsDue(): Promise<void>
  tally(): Promise<void>
  /** Seals everything that is confirmed. */
  seal(): Promise<void>
  /** Seals what is confirmed and brings everything that waits into the public log. */
  sequence(): Promise<void>
  close(): Promise<void>
}

/**
 * @param port where it listens; 0, the default, takes any that is free
 * @param figures of the demonstration: most stories look at the count right after a confirmation
 * @param guard whether floods are looked for
 * @param languages of the demonstration; those of most stories by default
 * @param replicaUrl of the database that public reads may ask, once a test says `publicReads.watch()`
 */
export async function startHarness(
  environment: Record<string, string> = {},
  {
    port = 0,
    replicaUrl,
    figures = 'live',
    guard = false,
    languages,
  }: {
    port?: number
    replicaUrl?: string
    figures?: 'live' | 'guarded'
    guard?: boolean
    languages?: readonly string[]
  } = {},
): Promise<Harness> {
  const database = await createTestDatabase()
  const mail = await startMailServer()
  const clock = createTestClock()
  const logged: string[] = []
  const logger = pino(logOptions('debug'), { write: (line: string) => logged.push(line) })
  const onError = () => {}
  const wire = await startTcpProxy(serverOf(database.url))
  const url = throughPort(database.url, wire.port)
  const connection = connect<Database>({ url, max: 12, onError })
  const ofWeb = connect<Database>({ url: inRole(url, TEST_ROLES.web), max: 12, onError })
  const ofWorker = connect<Database>({ url: inRole(url, TEST_ROLES.worker), max: 8, onError })
  const openReplica = replicaUrl
    ? () => connect<Database>({ url: replicaUrl, max: 3, onError })
    : null
  const dataDir = temporaryFolder()
  const config = readConfig({
    PUBLIC_URL: 'http://petitions.test',
    DATA_DIR: dataDir,
    ...environment,
  })
  const mailer = createMailer({
    url: mail.url,
    from: config.mailFrom,
    helo: config.smtpHelo,
    clock,
    logger,
  })
  const siteOn = ({ db }: Connection<Database>, replica: typeof openReplica) =>
    createSite(
      {
        config,
        db,
        directDb: db,
        publicReads: createPublicReads(db, replica, logger),
        clock,
        keyring: deriveKeyring(SECRET),
        mailer,
        logger,
        inboxUrl: null,
        pool: null,
      },
      { keep: false, guard },
    )
  const web = siteOn(ofWeb, openReplica)
  const worker = siteOn(ofWorker, null)
  // What the web keeps in memory; the verbs are the owner's, as in commands.
  const { publicReads, formTrap, intakeGuard, forms, formProblems, answers, draining, shedding } =
    web
  const kept = {
    publicReads,
    formTrap,
    intakeGuard,
    forms,
    formProblems,
    answers,
    draining,
    shedding,
  }
  const own = siteOn(connection, null)
  // Clicks are counted in the web's memory.
  const sharing = { ...own.sharing, clicks: web.sharing.clicks }
  const site: Site = { ...own, ...kept, sharing }
  await site.publishing.publish(copyDemo(languages).path, {
    by: TESTER,
    agree: agreed,
    isDemo: true,
  })
  await runSql(
    database.url,
    `update petition set settings = jsonb_set(settings, '{figures}', '"${figures}"')`,
  )
  const app = await buildApp(web)
  await app.listen({ port, host: '127.0.0.1' })
  let sealPool: SealPool | undefined
  let logWriter: LogWriter | undefined

  // One after the other: stories that share a harness would take each other's jobs, and miss their mails.
  let working = Promise.resolve()
  async function work() {
    await runOnce({
      pgPool: ofWorker.pool,
      taskList: createTasks(worker, logMails(site.logger)),
      noHandleSignals: true,
      logger: new Logger(() => () => {}),
    })
    await untilReleased(database.url)
  }

  async function seal() {
    sealPool ??= createSealPool(site.keyring.details, 1)
    while ((await sealBatch(ofWorker.db, sealPool)).taken > 0);
  }

  return {
    origin: originOf(app),
    site,
    connection,
    webConnection: ofWeb,
    databaseUrl: database.url,
    wire,
    clock,
    mail,
    environment: {
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      SMTP_URL: mail.url,
      SECRET_KEY: SECRET.toString('base64'),
      DEMO: '0',
    },
    logged,
    work() {
      working = working.then(work, work)
      return working
    },
    makeJobsDue: async () => {
      await runSql(database.url, 'update graphile_worker._private_jobs set run_at = now()')
    },
    tally: async () => {
      await worker.counts.advance()
    },
    seal,
    async sequence() {
      await seal()
      logWriter ??= await worker.publicLog.openWriter()
      await sequenceLog(ofWorker.db, logWriter)
    },
    async close() {
      await sealPool?.close()
      await app.close()
      site.mailer.close()
      const closed = Promise.all([ofWeb, ofWorker, connection].map((each) => each.close()))
      // Connections that a story left without an answer say no goodbye.
      await endsInTime(closed, GOODBYE_MS)
      await wire.cut()
      await closed
      await mail.goAway().catch(() => {})
      await database.drop()
    },
  }
}

type Start = Parameters<typeof startHarness>

/**
 * For all tests of the `describe` that calls it; empty until its first hook or test. Not for a file's top level:
 * there node:test runs hooks at once, side by side.
 */
export function useHarness(...start: Start): Harness {
  const harness = {} as Harness
  before(async () => Object.assign(harness, await startHarness(...start)))
  after(() => harness.close())
  return harness
}

/** A new one for each test of the `describe` that calls it. */
export function useFreshHarness(...start: Start): Harness {
  const harness = {} as Harness
  beforeEach(async () => Object.assign(harness, await startHarness(...start)))
  afterEach(() => harness.close())
  return harness
}

function originOf(app: FastifyInstance): string {
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

/** The runner may still be writing down that a job is done when it has returned. */
async function untilReleased(databaseUrl: string): Promise<void> {
  const locked = 'select last_error from graphile_worker._private_jobs where locked_at is not null'
  await until(async () => (await runSql(databaseUrl, locked)).rowCount === 0, {
    everyMs: 10,
    complaint: 'a job is still held although its runner has returned, not given up',
  })
}

function serverOf(databaseUrl: string): { host: string; port: number } {
  const { hostname, port } = new URL(databaseUrl)
  return { host: hostname, port: Number(port || 5432) }
}

/** The same database, as something in between shows it on this machine. */
export function throughPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  return url.href
}
