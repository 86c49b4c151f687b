import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { measureSite } from './api/measure-site.ts'
import { buildApp } from './app.ts'
import { bringUp } from './bring-up.ts'
import type { Config } from './config.ts'
import { tellsClientsApart } from './defence/intake.ts'
import { startJobs } from './jobs/start-jobs.ts'
import { anyLanguagePath } from './petition/paths.ts'
import { awaitDatabase } from './platform/database/await-database.ts'
import { hasTimeLimit } from './platform/database/connect.ts'
import { refuseWhileRunning } from './platform/database/embedded/start-embedded.ts'
import { ExpectedError } from './platform/expected-error.ts'
import type { Catcher } from './platform/mail/start-catcher.ts'
import { watchServer } from './platform/mail/watch-server.ts'
import { announceSite } from './platform/running-site.ts'
import { whoRuns } from './platform/terminal/who-runs.ts'
import { closeWeb } from './platform/web/draining.ts'
import { serveMetrics } from './platform/web/serve-metrics.ts'
import { demoKeyFile } from './sealing/demo-key.ts'
import { type OpenSite, openSite } from './site.ts'

export type Role = 'start' | 'web' | 'worker'

interface Running {
  /** Lines for a person at the terminal. */
  lines: string[]
  /** Why most of the site waits for the operator; null when nothing does. */
  closed: string | null
  /** Why the mail server takes no mails, once that is known; null when it does. */
  mail: Promise<string | null>
  /** Origin the web listens at; null for a worker. */
  address: string | null
  stop(): Promise<void>
}

class StartError extends ExpectedError {}

/**
 * Starts web, worker or both. Everything that was started is stopped again when a later step fails. `stop`
 * lets requests under way end, then jobs, then closes the mail transport and the database.
 *
 * @param askedToStop calls the start off while it waits for a database
 */
export async function start(
  config: Config,
  role: Role,
  askedToStop: Promise<void> = new Promise(() => {}),
): Promise<Running> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const undo of stops.splice(0).reverse()) await undo()
  }
  try {
    return await startEach(config, role, { askedToStop, stops, stop })
  } catch (error) {
    await stop()
    throw error
  }
}

interface Means {
  askedToStop: Promise<void>
  stops: (() => Promise<unknown>)[]
  stop: () => Promise<void>
}

async function startEach(
  config: Config,
  role: Role,
  { askedToStop, stops, stop }: Means,
): Promise<Running> {
  if (role === 'start' && !config.databaseUrl) await refuseWhileRunning(config.dataDir)
  const catcher = config.smtpUrl || role === 'web' ? null : await openCatcher(config)
  if (catcher) stops.push(() => catcher.close())
  const smtpUrl = config.smtpUrl ?? catcher?.smtpUrl
  const mail = smtpUrl ? { smtpUrl, inboxUrl: catcher?.inboxUrl ?? null } : null
  const open = await openSite(config, mail, { share: role !== 'start', isWeb: role === 'web' })
  stops.push(() => open.close())
  await prepare(config, role, open, askedToStop)
  const jobs = await startJobs(open.site, role === 'web' ? null : open.direct.pool)
  stops.push(() => jobs.stop())
  const app = role === 'worker' ? null : await listen(config, open)
  if (!app && config.metricsPort) stops.push((await listenForMetrics(config, open)).stop)
  if (app) stops.push(open.site.publicReads.watch().stop)
  if (app) stops.push(() => closeWeb(app, open.site.draining, config.drainSeconds * 1000))
  if (app && !config.production) stops.push(await announceSite(config.dataDir, config.publicUrl))
  const address = app && addressOf(app)
  const closed = await open.site.restoring.whyClosed()
  const lines = await describe(open, address, catcher)
  // Last, and not awaited: signatures are taken without the mail server.
  const mailServer = config.smtpUrl ? watchServer(open.site.mailer, open.site.logger) : null
  stops.push(async () => mailServer?.stop())
  return { lines, closed, mail: mailServer?.first ?? Promise.resolve(null), address, stop }
}

/** In production, where a supervisor may start us before the database, we wait for it; a person is told at once. */
async function prepare(
  config: Config,
  role: Role,
  { site, direct, connection }: OpenSite,
  askedToStop: Promise<void>,
): Promise<void> {
  const work = async () => {
    const isOwner = await bringUp(direct, role === 'start' ? null : role)
    if (config.databaseDirectUrl && !(await hasTimeLimit(connection.db))) {
      site.logger.warn(
        'no statement through DATABASE_URL is ever ended: have the pooler set statement_timeout, see docs/scaling.md',
      )
    }
    if (!tellsClientsApart(config)) {
      site.logger.warn(
        'PUBLIC_URL is https, so a proxy is in front, and TRUST_PROXY is not set: floods of forms are not told from crowds by their networks, see docs/operating.md',
      )
    }
    if (config.production && config.trustProxy === true) {
      site.logger.warn(
        'TRUST_PROXY is true: whoever can reach the port passes for any network, and floods are told by networks; name your proxy’s address instead, see docs/operating.md',
      )
    }
    if (config.databaseFailover === 'synchronous' && !(await site.restoring.waitsForStandby())) {
      site.logger.warn(
        'DATABASE_FAILOVER is synchronous, and the primary waits for no standby: set synchronous_standby_names, or leave DATABASE_FAILOVER out; after a failover no form would be served',
      )
    }
    if (config.demo && isOwner)
      await site.publishing.publishDemo({ face: 'command line', person: whoRuns() })
  }
  await (config.production ? awaitDatabase(work, { askedToStop, logger: site.logger }) : work())
}

async function listen({ port, host }: Config, { site }: OpenSite): Promise<FastifyInstance> {
  const app = await buildApp(site)
  try {
    await app.listen({ port, host })
  } catch (error) {
    await app.close()
    throw portError(error, 'PORT', port)
  }
  return app
}

async function listenForMetrics(config: Config, { site }: OpenSite) {
  const port = config.metricsPort!
  try {
    return await serveMetrics({ ...config, port }, measureSite(site))
  } catch (error) {
    throw portError(error, 'METRICS_PORT', port)
  }
}

async function openCatcher({ inboxPort }: Config): Promise<Catcher> {
  // Loaded here: with a mail server there is no catcher.
  const { startCatcher } = await import('./platform/mail/start-catcher.ts')
  try {
    return await startCatcher({ inboxPort })
  } catch (error) {
    throw portError(error, 'INBOX_PORT', inboxPort)
  }
}

function portError(error: unknown, name: string, port: number): unknown {
  const noHost = 'HOST is no address of this machine: set it to 127.0.0.1 or 0.0.0.0'
  const reasons = new Map([
    ['EADDRINUSE', `port ${port} is taken: stop what listens there, or set ${name} to another`],
    ['EACCES', `port ${port} may not be opened by this user: set ${name} to 1024 or more`],
    ['EADDRNOTAVAIL', noHost],
    ['ENOTFOUND', noHost],
  ])
  const why = reasons.get((error as NodeJS.ErrnoException).code ?? '')
  return why ? new StartError(why) : error
}

function addressOf(app: FastifyInstance): string {
  const { address, port, family } = app.server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

async function describe(
  { site, staged }: OpenSite,
  address: string | null,
  catcher: Catcher | null,
): Promise<string[]> {
  const lines: string[] = []
  const petitions = await site.petitions.all()
  if (address) {
    const { publicUrl } = site.config
    const pages = petitions.map(({ slug }) => `${publicUrl}${anyLanguagePath(slug)}`)
    for (const page of pages.length > 0 ? pages : [`${publicUrl}/`])
      lines.push(`  Petition    ${page}`)
  } else {
    lines.push('  Worker      mailing, sealing, counting, erasing')
  }
  if (petitions.some(({ settings }) => settings.demoKey)) {
    const file = demoKeyFile(site.config.dataDir)
    lines.push(
      `  Demo key    ${file} opens what is signed here: collect no real signatures with it`,
    )
  }
  if (catcher) lines.push(`  Inbox       ${catcher.inboxUrl}  (mail stays on this machine)`)
  if (staged) lines.push(`  Database    ${staged.data}  (${staged.why})`)
  lines.push('  Stop        Ctrl-C')
  return lines
}
