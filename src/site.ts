import { stat } from 'node:fs/promises'
import type { FastifyBaseLogger } from 'fastify'
import type pg from 'pg'
import pino from 'pino'
import { createActions } from './actions/actions.ts'
import { createBacklog } from './api/read-backlog.ts'
import { createCards } from './card/cards.ts'
import { type Config, ConfigError } from './config.ts'
import { createCounts } from './count/counts.ts'
import type { Database, Db } from './database.ts'
import { createFormTrap } from './defence/form-trap.ts'
import { createIntakeGuard } from './defence/intake.ts'
import { createLeases } from './defence/lease-mails.ts'
import { createDelivery } from './delivery/delivery.ts'
import { createImports } from './imported/imports.ts'
import { createPublicLog } from './log/public-log.ts'
import { makePages } from './mirrors.ts'
import { renderMarkdown } from './pages/petition/render-markdown.ts'
import { createPapers } from './paper/papers.ts'
import { createPetitions } from './petition/petitions.ts'
import { createPictures } from './picture/pictures.ts'
import { type SteadyClock, systemClock } from './platform/clock.ts'
import { DataDirError } from './platform/data-dir.ts'
import { type Connection, connect } from './platform/database/connect.ts'
import { openDatabase, requireDatabase } from './platform/database/open-database.ts'
import { createPublicReads, type PublicReads } from './platform/database/read-replica.ts'
import { tellConnections } from './platform/database/tell-connections.ts'
import {
  deriveKeyring,
  type Keyring,
  loadOrCreateSecret,
  loadSecret,
  parseSecret,
} from './platform/keyring.ts'
import { logOptions } from './platform/logger.ts'
import type { Mailer } from './platform/mail/mail.ts'
import { createMailer } from './platform/mail/mailer.ts'
import { createTally } from './platform/measure.ts'
import { openLog } from './platform/open-log.ts'
import { createAnswerCache } from './platform/web/answer-cache.ts'
import { readAssets } from './platform/web/assets.ts'
import { createDraining } from './platform/web/draining.ts'
import { createShedding } from './platform/web/shedding.ts'
import { createPublishing } from './publishing/publishing.ts'
import { createRestoring } from './restoring/restoring.ts'
import { createScrutiny } from './scrutiny/scrutiny.ts'
import { createRecipients } from './sealing/recipients.ts'
import { createSharing } from './sharing/sharing.ts'
import { FORM_OUTCOMES, SIGN_FORM_FIELDS } from './signature/form/sign-form.ts'
import { createFindWords } from './signature/moderation/find-words.ts'
import { createSignatures } from './signature/signatures.ts'
import { createSubscribers } from './subscriber/subscribers.ts'
import { createTargets } from './target/targets.ts'
import { createUpdates } from './update/updates.ts'
import { createWebhooks } from './webhook/webhooks.ts'

export const POOL_SIZE = 20
/** The runner asks for as many as jobs run at a time; it opens few, since it fetches and ends jobs in batches. */
const DIRECT_POOL_SIZE = 20
/** Few reads get this far: pages and figures are kept in memory. */
const REPLICA_POOL_SIZE = 6
/** Nothing listens there: a command that should not mail can't. */
export const NO_MAIL = 'smtp://127.0.0.1:1'
/** Of people whom we have mailed: they come before new forms when not all can be answered. */
const WITH_LINK = /^\/[^/]+\/(?:confirm|withdraw|signature|unsubscribe|imported)\/[^/]/

export interface OpenSite {
  site: Site
  connection: Connection<Database>
  /** Bypasses PgBouncer, for LISTEN and advisory locks; the same one unless DATABASE_DIRECT_URL is set. */
  direct: Connection<Database>
  /** Where `direct` leads. */
  directUrl: string
  /** The paths of PostgreSQL's binaries and data, when they had to be copied elsewhere. */
  staged: { binaries: string; data: string; why: string } | null
  close(): Promise<void>
}

/**
 * Opens everything that the rooms need, in order; `close` closes it backwards.
 * @param mail address of the mail server and, for the built-in catcher, of its inbox page; null for
 *   commands that mail nothing
 * @param share true for all but `start`: they may run beside it, on the same embedded database
 * @param create false for commands: they create nothing, since a missing folder, database or key means that
 *   they were called in the wrong place
 * @param isWeb for a process that serves pages and runs no jobs
 */
export async function openSite(
  config: Config,
  mail: { smtpUrl: string; inboxUrl: string | null } | null,
  { share, create = true, isWeb = false }: { share: boolean; create?: boolean; isWeb?: boolean },
): Promise<OpenSite> {
  // Steps that can fail without the database come first, so that a failure leaves nothing running.
  if (!create) await requireSite(config)
  const keyring = deriveKeyring(await readSecret(config, create))
  readAssets()
  // Beside `start` the standard output may go into a file: the log goes to stderr.
  const logger = pino(logOptions(config.logLevel), openLog(share ? 2 : 1))
  const database = await openDatabase(config, { share, onEnd: (line) => logger.error(line) })
  const told = tellConnections(logger)
  const { databaseDirectUrl: directUrl, databaseReplicaUrl: replicaUrl } = config
  const pooled = directUrl !== null
  const connection = connect<Database>({ ...told, url: database.url, max: POOL_SIZE, pooled })
  const direct = directUrl
    ? connect<Database>({ ...told, url: directUrl, max: DIRECT_POOL_SIZE })
    : connection
  // The reads from a replica report that it broke.
  const openReplica = replicaUrl
    ? () => connect<Database>({ url: replicaUrl, max: REPLICA_POOL_SIZE, onError: () => {} })
    : null
  const mailer = createMailer({
    url: mail?.smtpUrl ?? NO_MAIL,
    from: config.mailFrom,
    helo: config.smtpHelo,
    domainPerMinute: config.mailDomainPerMinute,
    ca: config.smtpCa,
    tlsOnly: config.production,
    clock: systemClock,
    logger,
  })
  const site = createSite({
    config,
    db: connection.db,
    directDb: direct.db,
    publicReads: createPublicReads(connection.db, openReplica, logger),
    clock: systemClock,
    keyring,
    mailer,
    logger,
    inboxUrl: mail?.inboxUrl ?? null,
    pool: isWeb ? connection.pool : null,
  })
  return {
    site,
    connection,
    direct,
    directUrl: directUrl ?? database.url,
    staged: database.staged,
    async close() {
      mailer.close()
      told.close()
      if (direct !== connection) await direct.close()
      await connection.close()
      await database.close()
    },
  }
}

async function readSecret(config: Config, create: boolean): Promise<Buffer> {
  if (config.secretKey) return parseSecret(config.secretKey, 'SECRET_KEY')
  // readConfig asks for it in production already; a key made up here would be lost with the container.
  if (config.production) throw new ConfigError('SECRET_KEY is not set: production needs it')
  if (!create) return loadSecret(config.dataDir, 'server-key')
  return loadOrCreateSecret(config.dataDir, 'server-key')
}

/** In production a command may get all settings from the environment, and needs no folder. */
async function requireSite(config: Config): Promise<void> {
  await requireDatabase(config)
  const { dataDir, production } = config
  if (production) return
  const found = await stat(dataDir).catch(() => null)
  if (found?.isDirectory()) return
  throw new DataDirError(
    `there is no folder ${dataDir}, and only a start makes it: set DATA_DIR to the site's folder`,
  )
}

/** The means that the rooms are made of. */
interface SiteParts {
  config: Config
  db: Db
  /** Bypasses PgBouncer: LISTEN, advisory locks. */
  directDb: Db
  publicReads: PublicReads<Database>
  clock: SteadyClock
  keyring: Keyring
  mailer: Mailer
  logger: FastifyBaseLogger
  /** The inbox page of the built-in mail catcher; null with a real mail server. */
  inboxUrl: string | null
  /** Of the web, for /metrics; null in a process that also mails, where a connection in use would tell of a mail. */
  pool: Pick<pg.Pool, 'totalCount' | 'idleCount' | 'waitingCount'> | null
}

/** The means and rooms that the faces are handed; nothing is global. */
export type Site = ReturnType<typeof createSite>

/**
 * @param keep false reads anew at every request and answers however late, for tests that must see their own changes
 *   on a machine that they share
 * @param guard false: floods are not looked for
 */
export function createSite(
  parts: SiteParts,
  { keep, guard = keep }: { keep: boolean; guard?: boolean } = { keep: true },
) {
  const { db, config } = parts
  const maxAge = keep ? undefined : 0
  const publicLog = createPublicLog(parts, maxAge)
  const petitions = createPetitions({ db, production: config.production }, maxAge)
  const needs = { ...parts, petitions, leases: createLeases(db), sharing: createSharing(parts) }
  const hasHeldWord = createFindWords(config.holdWords)
  const signatures = createSignatures({ ...needs, hasHeldWord }, maxAge)
  const scrutiny = createScrutiny(needs, maxAge)
  const targets = createTargets(parts, maxAge)
  const counts = createCounts({ ...parts, petitions }, maxAge)
  const papers = createPapers(parts, maxAge)
  const imports = createImports(needs, maxAge)
  const pictures = createPictures(parts)
  const updates = createUpdates({ ...needs, counts, toHtml: renderMarkdown }, maxAge)
  return {
    ...parts,
    petitions,
    actions: createActions(parts),
    publishing: createPublishing({ ...parts, petitions, targets }),
    pictures,
    cards: createCards({ ...parts, counts, pictures }),
    recipients: createRecipients(parts),
    sharing: needs.sharing,
    counts,
    papers,
    imports,
    delivery: createDelivery({ ...parts, counts, imports, papers, publicLog, signatures }),
    publicLog,
    ...createBacklog({ ...parts, publicLog, scrutiny, signatures }, maxAge),
    restoring: createRestoring({ ...parts, petitions, publicLog }, maxAge),
    scrutiny,
    signatures,
    subscribers: createSubscribers(needs),
    targets,
    updates,
    webhooks: createWebhooks({ ...parts, petitions, counts, targets, updates }),
    formTrap: createFormTrap({ on: config.limits }),
    intakeGuard: createIntakeGuard(parts, { on: guard && config.limits }),
    forms: createTally(FORM_OUTCOMES),
    formProblems: createTally(SIGN_FORM_FIELDS),
    answers: createAnswerCache(maxAge),
    /** For a mirror's pages. */
    createAnswers: () => createAnswerCache(maxAge),
    draining: createDraining(),
    shedding: createShedding({
      on: keep && config.limits,
      withLink: WITH_LINK,
      expectedWaits: signatures.expectedWaits,
      logger: parts.logger,
    }),
    makePage: makePages(config),
  }
}
