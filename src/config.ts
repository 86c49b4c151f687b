import { resolve } from 'node:path'
import { parseWitnesses, type Witness, WitnessListError } from './log/witnesses/parse-witnesses.ts'
import { databaseUrlFor } from './platform/database/database-url.ts'
import { parseMailbox, parseSmtpUrl, type Sender } from './platform/mail/mail-settings.ts'
import { NO_PAGES, type OwnPages, readOwnPages } from './platform/own-pages.ts'
import {
  ConfigError,
  oneOf,
  originsBeside,
  ownOrigin,
  parseCertificates,
  parseClientHeader,
  parseContact,
  parseFolder,
  parseHelo,
  parseHost,
  parseLine,
  parseOrigin,
  parseToken,
  parseTrustProxy,
  parseWords,
  SettingError,
  wholeNumber,
} from './platform/parse-setting.ts'
import { readSecretFiles } from './platform/read-secret-files.ts'
import { DEMO_PAGES } from './publishing/demo-folders.ts'
import { parseRecipient } from './sealing/age/recipient.ts'

/** The settings, read once at start; nothing else in the program reads process.env. */
export interface Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Processes that share the port; only `web` runs more than one. */
  readonly webProcesses: number
  /** For so long at most a web that was asked to stop still accepts requests; 0: it closes at once. */
  readonly drainSeconds: number
  /** The site's origin, without a slash at the end. */
  readonly publicUrl: string
  /** False when neither PUBLIC_URL nor PORT is set: publicUrl is then a guess. */
  readonly publicUrlGiven: boolean
  /** Other origins of the same site, such as an onion service's. */
  readonly mirrors: readonly string[]
  /** Which of them these pages are for; then `publicUrl` is the same. See mirrors.ts. */
  readonly mirror?: string
  /** Null: PostgreSQL is started under DATA_DIR. */
  readonly databaseUrl: string | null
  /** Bypasses the PgBouncer that DATABASE_URL leads to; null: there is none. */
  readonly databaseDirectUrl: string | null
  /** A streaming replica for public reads; null: there is none. */
  readonly databaseReplicaUrl: string | null
  /** Whether a standby that becomes the primary has everything that was acknowledged; see restoring/. */
  readonly databaseFailover: 'asynchronous' | 'synchronous'
  /** Null: mail goes to the built-in catcher. */
  readonly smtpUrl: string | null
  /** At most so many mails to one recipient's domain, of each worker; null: no limit. */
  readonly mailDomainPerMinute: number | null
  /** The name in EHLO; null: this machine's full name, or [127.0.0.1] where it has none. */
  readonly smtpHelo: string | null
  /** Certificates in PEM of the authority that alone is trusted at the mail server; null: the public ones are. */
  readonly smtpCa: string | null
  readonly inboxPort: number
  readonly mailFrom: Sender
  /** The operator's name, with a postal address where law requires one; null: no page names them. */
  readonly operator: string | null
  /** The operator's e-mail or web address; null if not given. */
  readonly contact: string | null
  /** The operator's own pages. */
  readonly pages: OwnPages
  /** Who is mailed when something looks like a farm of signers; null: nobody. */
  readonly alertsTo: string | null
  readonly dataDir: string
  readonly logLevel: string
  /** Proxies whose X-Forwarded-* headers are believed: none, all, or these addresses (comma-separated). */
  readonly trustProxy: boolean | string
  /** A CDN's header with the visitor's address, in small letters, believed from those; null: there is none. */
  readonly clientAddressHeader: string | null
  /** False lifts rate limits, form traps and shedding for load tests. */
  readonly limits: boolean
  /** Seconds between two batches of the public log. */
  readonly logInterval: number
  /** The fewest signatures of a guarded petition in a batch of the log, unless they have waited for long. */
  readonly logMinBatch: number
  /** The witnesses that are asked to cosign the log's checkpoints. */
  readonly logWitnesses: readonly Witness[]
  /** A warning for each witness whose key is of an unknown type: it is left out. */
  readonly logWitnessesUnknown: readonly string[]
  readonly demo: boolean
  /** Words that hold a name or comment for review, beside those of views/words. */
  readonly holdWords: readonly string[]
  /** 32 bytes in base64, or null: DATA_DIR/secrets/server-key. */
  readonly secretKey: string | null
  /** 32 bytes in base64 that sign the public log, or null: DATA_DIR/secrets/log-key. */
  readonly logKey: string | null
  /** The bearer token of /metrics; null: in development anyone may read them. */
  readonly metricsToken: string | null
  /** The port at which a worker serves /metrics; null: it serves none. */
  readonly metricsPort: number | null
  /** The age recipients that backups are encrypted to, unless the command names others. */
  readonly backupRecipients: readonly string[]
}

export { ConfigError }

type Environment = Readonly<Record<string, string | undefined>>

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const PORT = wholeNumber(0, 65_535)
const DEFAULT_SENDER = 'Undersigned <petitions@undersigned.localhost>'
const REQUIRED_IN_PRODUCTION = [
  'DATABASE_URL',
  'SMTP_URL',
  'PUBLIC_URL',
  'MAIL_FROM',
  'SECRET_KEY',
] as const

const MAY_LIE_IN_FILES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URL',
  'SMTP_URL',
  'SECRET_KEY',
  'LOG_KEY',
  'METRICS_TOKEN',
] as const

/**
 * A value is understood or refused: one that was half understood would show weeks later, as mail that nobody gets.
 *
 * @throws ConfigError whose message names the variable, the fault and the remedy, in one line
 */
export function readConfig(environment: Environment): Config {
  const env = { ...environment, ...readSecretFiles(environment, MAY_LIE_IN_FILES) }
  const read = readerOf(env)
  const production =
    read('NODE_ENV', oneOf(['development', 'production', 'test']), 'development') === 'production'
  if (production) {
    for (const name of REQUIRED_IN_PRODUCTION) {
      if (!env[name]) {
        throw new ConfigError(`${name} is not set: production needs it, see .env.example`)
      }
    }
    if (env.LIMITS === 'off') {
      throw new ConfigError('LIMITS=off is for load tests: it is refused in production, unset it')
    }
  }
  const port = read('PORT', PORT, 3000)
  const host = read('HOST', parseHost, '127.0.0.1')
  const publicUrl = read('PUBLIC_URL', parseOrigin, ownOrigin(host, port))
  const trustProxy = read('TRUST_PROXY', parseTrustProxy, false)
  const readUrl = (name: string) => read(name, databaseUrlFor(production), null)
  const databaseUrl = readUrl('DATABASE_URL')
  const demo = read('DEMO', oneOf(['0', '1']), production ? '0' : '1') === '1'
  return Object.freeze({
    production,
    port,
    host,
    webProcesses: read('WEB_PROCESSES', wholeNumber(1, 64), 1),
    drainSeconds: read('DRAIN_SECONDS', wholeNumber(0, 120), production ? 10 : 0),
    publicUrl,
    mirrors: read('MIRRORS', originsBeside(publicUrl), []),
    publicUrlGiven: Boolean(env.PUBLIC_URL || env.PORT),
    databaseUrl,
    databaseDirectUrl: beside(databaseUrl, 'DATABASE_DIRECT_URL', readUrl),
    databaseReplicaUrl: beside(databaseUrl, 'DATABASE_REPLICA_URL', readUrl),
    databaseFailover: read(
      'DATABASE_FAILOVER',
      oneOf(['asynchronous', 'synchronous'] as const),
      'asynchronous',
    ),
    smtpUrl: read('SMTP_URL', parseSmtpUrl, null),
    mailDomainPerMinute: read('MAIL_DOMAIN_PER_MINUTE', wholeNumber(1, 100_000), null),
    smtpHelo: read('SMTP_HELO', parseHelo, null),
    smtpCa: read('SMTP_CA', parseCertificates, null),
    inboxPort: read('INBOX_PORT', PORT, 1080),
    mailFrom: read('MAIL_FROM', parseMailbox, parseMailbox(DEFAULT_SENDER)),
    operator: read('OPERATOR', parseLine, null),
    contact: read('CONTACT', parseContact, null),
    pages: read('SITE_PAGES', readOwnPages, demo ? readOwnPages(DEMO_PAGES) : NO_PAGES),
    alertsTo: read('ALERTS_TO', (text) => parseMailbox(text).address, null),
    dataDir: read('DATA_DIR', parseFolder, resolve('.data')),
    logLevel: read('LOG_LEVEL', oneOf(LOG_LEVELS), production ? 'info' : 'warn'),
    trustProxy,
    clientAddressHeader: fromProxies(trustProxy, read),
    limits: read('LIMITS', oneOf(['on', 'off']), 'on') === 'on',
    logInterval: read('LOG_INTERVAL', wholeNumber(1, 86_400), production ? 300 : 5),
    logMinBatch: read('LOG_MIN_BATCH', wholeNumber(1, 1000), production ? 5 : 1),
    ...read('LOG_WITNESSES', readWitnesses, { logWitnesses: [], logWitnessesUnknown: [] }),
    holdWords: read('HOLD_WORDS', parseWords, []),
    demo,
    secretKey: env.SECRET_KEY || null,
    logKey: env.LOG_KEY || null,
    metricsToken: read('METRICS_TOKEN', parseToken, null),
    metricsPort: read('METRICS_PORT', wholeNumber(1, 65_535), null),
    backupRecipients: read('BACKUP_RECIPIENT', readRecipients, []),
  })
}

type Read = <T, F>(name: string, parse: (text: string) => T, fallback: F) => T | F

/** An empty variable counts as not set. */
function readerOf(env: Environment): Read {
  return (name, parse, fallback) => {
    const text = env[name]
    if (!text) return fallback
    try {
      return parse(text)
    } catch (error) {
      if (error instanceof SettingError) throw new ConfigError(`${name} ${error.message}`)
      if (error instanceof WitnessListError) throw new ConfigError(`${name}: ${error.message}`)
      throw error
    }
  }
}

/** A second address of DATABASE_URL's database. @throws ConfigError when it stands alone */
function beside(other: string | null, name: string, readUrl: (name: string) => string | null) {
  const url = readUrl(name)
  if (url && !other) {
    throw new ConfigError(`${name} is set and DATABASE_URL is not: set both, or neither`)
  }
  return url
}

/** Anybody could send the header. @throws ConfigError when nobody is believed */
function fromProxies(trustProxy: boolean | string, read: Read): string | null {
  const name = read('CLIENT_ADDRESS_HEADER', parseClientHeader, null)
  if (name === null || trustProxy !== false) return name
  throw new ConfigError(
    "CLIENT_ADDRESS_HEADER is set and TRUST_PROXY is not: set TRUST_PROXY to your proxy's address and the CDN's networks",
  )
}

function readWitnesses(value: string): Pick<Config, 'logWitnesses' | 'logWitnessesUnknown'> {
  const logWitnessesUnknown: string[] = []
  const logWitnesses = parseWitnesses(value, (why) => logWitnessesUnknown.push(why))
  return { logWitnesses, logWitnessesUnknown }
}

function readRecipients(value: string): string[] {
  const recipients = value.split(/[\s,]+/).filter((text) => text !== '')
  if (recipients.length > 0 && recipients.every(parseRecipient)) return recipients
  throw new SettingError(
    'takes public keys of age (age1…), separated by commas: make a pair with "age-keygen"',
  )
}
