import { stat } from 'node:fs/promises'
import pino from 'pino'
import { type Config, ConfigError } from './config.ts'
import type { Database } from './database.ts'
import { systemClock } from './platform/clock.ts'
import { DataDirError } from './platform/data-dir.ts'
import { type Connection, connect } from './platform/database/connect.ts'
import { openDatabase, requireDatabase } from './platform/database/open-database.ts'
import { createPublicReads } from './platform/database/read-replica.ts'
import { deriveKeyring, loadOrCreateSecret, loadSecret, parseSecret } from './platform/keyring.ts'
import { logOptions } from './platform/log.ts'
import { createMailer } from './platform/mail/mailer.ts'
import { readAssets } from './platform/web/assets.ts'
import { createServices, type Services } from './services.ts'

const POOL_SIZE = 20
/**
 * As many as jobs run at a time, which the runner asks for; it opens few, since it fetches and ends jobs
 * together.
 */
const DIRECT_POOL_SIZE = 20
/** Few reads get so far: pages and figures are kept in memory. */
const REPLICA_POOL_SIZE = 6
/** Nothing listens there: a command that should not mail can't. */
const NO_MAIL = 'smtp://127.0.0.1:1'

export interface OpenServices {
  services: Services
  connection: Connection<Database>
  /** For what needs a session; the same one unless DATABASE_URL leads to a pooler. */
  direct: Connection<Database>
  /** Where PostgreSQL's binaries and data were put, when they couldn't stay where they were. */
  staged: { binaries: string; data: string; why: string } | null
  close(): Promise<void>
}

/**
 * Everything that the rooms need, opened in order; `close` undoes it backwards.
 * @param mail address of the mail server and, for the built-in catcher, of its inbox page; null for
 *   commands that mail nothing
 * @param share true for commands that may run beside `start` on the same embedded database
 * @param create false for commands: where the site's folder, database or key is not there, they were sent
 *   to the wrong place, and make nothing
 */
export async function openServices(
  config: Config,
  mail: { smtpUrl: string; inboxUrl: string | null } | null,
  { share, create = true }: { share: boolean; create?: boolean },
): Promise<OpenServices> {
  // What can fail without the database comes first, so that nothing is left running behind it.
  if (!create) await requireSite(config)
  const keyring = deriveKeyring(await readSecret(config, create))
  readAssets()
  // A command's own output may go into a file: its log goes to the other stream.
  const log = pino(logOptions(config.logLevel), pino.destination(share ? 2 : 1))
  const database = await openDatabase(config, { share })
  let closing = false
  const onError = (error: Error) => {
    if (!closing) log.warn({ err: error }, 'an idle database connection broke')
  }
  const { databaseDirectUrl: directUrl, databaseReplicaUrl: replicaUrl } = config
  const pooled = directUrl !== null
  const connection = connect<Database>({ url: database.url, max: POOL_SIZE, pooled, onError })
  const direct = directUrl
    ? connect<Database>({ url: directUrl, max: DIRECT_POOL_SIZE, onError })
    : connection
  // A replica that breaks is told of by who reads from it.
  const openReplica =
    replicaUrl === null
      ? null
      : () => connect<Database>({ url: replicaUrl, max: REPLICA_POOL_SIZE, onError: () => {} })
  const { db } = connection
  const mailer = createMailer({
    url: mail?.smtpUrl ?? NO_MAIL,
    from: config.mailFrom,
    helo: config.smtpHelo,
    clock: systemClock,
    log,
  })
  const inboxUrl = mail?.inboxUrl ?? null
  const services = createServices({
    config,
    db,
    directDb: direct.db,
    publicReads: createPublicReads(db, openReplica, log),
    clock: systemClock,
    keyring,
    mailer,
    log,
    inboxUrl,
  })
  return {
    services,
    connection,
    direct,
    staged: database.staged,
    async close() {
      closing = true
      mailer.close()
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

/** In production all that a command needs may come from outside. */
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
