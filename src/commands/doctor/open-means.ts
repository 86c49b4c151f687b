import type { Resolver } from 'node:dns/promises'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import type { Config } from '../../config.ts'
import type { Database } from '../../database.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import { type Connection, connect } from '../../platform/database/connect.ts'
import { findRunningEmbedded } from '../../platform/database/embedded/start-embedded.ts'
import { createPublicReads } from '../../platform/database/read-replica.ts'
import { deriveKeyring, type Keyring, loadSecret, parseSecret } from '../../platform/keyring.ts'
import { createMailer } from '../../platform/mail/mailer.ts'
import { createSite, NO_MAIL, type Site } from '../../site.ts'
import { inWords } from './finding.ts'

const POOL_SIZE = 6

/** Something that a check needs, or why it is not available. */
export type Available<T> = { it: T; why: null } | { it: null; why: string }

/** What the checks are made of. */
export interface Means {
  config: Config
  clock: Clock
  /** Asks the DNS server that was given, else the machine's. */
  resolver: Resolver
  /** Certificates that are trusted instead of Node's; for tests. */
  ca?: string
  keyring: Available<Keyring>
}

/** What checks of the database and of the rooms are made of. */
export interface Opened {
  /** DATABASE_URL: PgBouncer, if there is one. */
  pooled: Available<Connection<Database>>
  /** The server itself. */
  direct: Available<Connection<Database>>
  site: Available<Site>
}

export async function readMeans(
  config: Config,
  { resolver, ca }: { resolver: Resolver; ca?: string },
): Promise<Means> {
  return { config, clock: systemClock, resolver, ca, keyring: await readKeyring(config) }
}

/**
 * Opens what can be opened, and creates, starts and migrates nothing: a site that is broken must look the same
 * after an examination.
 *
 * @param patience in milliseconds
 */
export async function openDatabases({ config, keyring }: Means, patience: number): Promise<Opened> {
  const url = config.databaseUrl ?? (await findRunningEmbedded(config.dataDir))
  const [pooled, direct] = await Promise.all([
    open(url, config.databaseDirectUrl !== null, patience),
    config.databaseDirectUrl ? open(config.databaseDirectUrl, false, patience) : null,
  ])
  const site = openSite(config, pooled, direct ?? pooled, keyring)
  return { pooled, direct: direct ?? pooled, site }
}

async function open(
  url: string | null,
  pooled: boolean,
  patience: number,
): Promise<Available<Connection<Database>>> {
  if (!url) return { it: null, why: 'the embedded PostgreSQL runs only while the site does' }
  const connection = connect<Database>({ url, max: POOL_SIZE, pooled, onError: () => {} })
  const probe = connection.pool.query('select 1').then(
    () => null,
    (error: Error & { code?: string }) => reasonOf(error),
  )
  const why = await Promise.race([
    probe,
    setTimeout(patience, `no answer within ${inWords(patience)}`),
  ])
  if (why === null) return { it: connection, why }
  return { it: null, why: `the database can't be asked (${why})` }
}

/** Its message may name a user or a host, nothing more; node's own of several addresses is empty. */
function reasonOf(error: Error & { code?: string; errors?: Error[] }): string {
  return error.message || error.errors?.[0]?.message || error.code || error.name
}

async function readKeyring(config: Config): Promise<Available<Keyring>> {
  try {
    const secret = config.secretKey
      ? parseSecret(config.secretKey, 'SECRET_KEY')
      : await loadSecret(config.dataDir, 'server-key')
    return { it: deriveKeyring(secret), why: null }
  } catch (error) {
    return { it: null, why: (error as Error).message }
  }
}

function openSite(
  config: Config,
  { it: pooled, why }: Available<Connection<Database>>,
  { it: direct, why: whyNot }: Available<Connection<Database>>,
  keyring: Available<Keyring>,
): Available<Site> {
  if (!pooled || !direct) return { it: null, why: why ?? whyNot! }
  if (!keyring.it) return { it: null, why: keyring.why }
  const logger = pino({ level: 'silent' })
  const mailer = createMailer({
    url: NO_MAIL,
    from: config.mailFrom,
    helo: config.smtpHelo,
    ca: null,
    tlsOnly: false,
    clock: systemClock,
    logger,
  })
  const site = createSite({
    config,
    db: pooled.db,
    directDb: direct.db,
    publicReads: createPublicReads(pooled.db, null, logger),
    clock: systemClock,
    keyring: keyring.it,
    mailer,
    logger,
    inboxUrl: null,
    pool: null,
  })
  return { it: site, why: null }
}

export const closeDatabases = ({ pooled, direct }: Opened) =>
  Promise.all([...new Set([pooled.it, direct.it])].map((each) => each?.close()))
