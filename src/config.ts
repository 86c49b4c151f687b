import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  parseWitnesses,
  type Witness,
  WitnessListError,
} from './log/witness/asking/parse-witnesses.ts'
import { ExpectedError } from './platform/expected-error.ts'
import { decodeText, explainEncoding } from './platform/files/decode-text.ts'

/** The environment, read once at start; nothing else in the program reads process.env. */
export interface Config {
  readonly production: boolean
  readonly port: number
  readonly host: string
  /** Processes that answer behind the port; `web` alone has more than one. */
  readonly webProcesses: number
  /** Origin that readers see, without a slash at the end. */
  readonly publicUrl: string
  /** False when neither PUBLIC_URL nor PORT is set: publicUrl then is a guess. */
  readonly publicUrlGiven: boolean
  /** Null: PostgreSQL is started under DATA_DIR. */
  readonly databaseUrl: string | null
  /** Past a pooler that DATABASE_URL leads to; null: DATABASE_URL serves for sessions as well. */
  readonly databaseDirectUrl: string | null
  /** A streaming replica that public reads may ask; null: there is none. */
  readonly databaseReplicaUrl: string | null
  /** Null: mail goes to the built-in catcher. */
  readonly smtpUrl: string | null
  readonly inboxPort: number
  readonly mailFrom: string
  readonly dataDir: string
  readonly logLevel: string
  /** Whose X-Forwarded-* headers are believed: nobody's, everybody's, or these addresses' (comma-separated). */
  readonly trustProxy: boolean | string
  /** False lifts rate limits and form traps for load tests. */
  readonly limits: boolean
  /** Seconds between two batches of the public log. */
  readonly logInterval: number
  /** Signatures of a guarded petition that a batch of the log holds at least, unless it has waited for long. */
  readonly logMinBatch: number
  /** Who is asked to cosign the log's checkpoints. */
  readonly logWitnesses: readonly Witness[]
  readonly demo: boolean
  /** 32 bytes in base64, or null: DATA_DIR/secrets/server-key. */
  readonly secretKey: string | null
  /** 32 bytes in base64 that sign the public log, or null: DATA_DIR/secrets/log-key. */
  readonly logKey: string | null
  /** Bearer token that /metrics asks for; null in development: open. */
  readonly metricsToken: string | null
}

export class ConfigError extends ExpectedError {}

type Environment = Readonly<Record<string, string | undefined>>

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
const POSTGRES = ['postgres:', 'postgresql:']
const REQUIRED_IN_PRODUCTION = [
  'DATABASE_URL',
  'SMTP_URL',
  'PUBLIC_URL',
  'MAIL_FROM',
  'SECRET_KEY',
] as const

/** NAME_FILE names a file that holds NAME's value, as Compose and Kubernetes hand out secrets. */
const MAY_LIE_IN_FILES = [
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_REPLICA_URL',
  'SMTP_URL',
  'SECRET_KEY',
  'LOG_KEY',
  'METRICS_TOKEN',
] as const

/** @throws ConfigError whose message names the variable, what is wrong and what to set. */
export function readConfig(environment: Environment): Config {
  const env = { ...environment, ...readSecretFiles(environment) }
  const production = env.NODE_ENV === 'production'
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
  const port = readPort(env, 'PORT', 3000)
  const host = env.HOST || '127.0.0.1'
  return Object.freeze({
    production,
    port,
    host,
    webProcesses: readNumber(env, 'WEB_PROCESSES', 1, 1, 64),
    publicUrl: readPublicUrl(env.PUBLIC_URL || `http://${shownHost(host)}:${port}`),
    publicUrlGiven: Boolean(env.PUBLIC_URL || env.PORT),
    databaseUrl: readUrl(env, 'DATABASE_URL', POSTGRES),
    databaseDirectUrl: readUrlBeside(env, 'DATABASE_DIRECT_URL'),
    databaseReplicaUrl: readUrlBeside(env, 'DATABASE_REPLICA_URL'),
    smtpUrl: readUrl(env, 'SMTP_URL', ['smtp:', 'smtps:']),
    inboxPort: readPort(env, 'INBOX_PORT', 1080),
    mailFrom: env.MAIL_FROM || 'Undersigned <petitions@undersigned.localhost>',
    dataDir: resolve(env.DATA_DIR || '.data'),
    logLevel: readChoice(env, 'LOG_LEVEL', LOG_LEVELS, production ? 'info' : 'warn'),
    trustProxy: readTrustProxy(env.TRUST_PROXY),
    limits: readChoice(env, 'LIMITS', ['on', 'off'], 'on') === 'on',
    logInterval: readNumber(env, 'LOG_INTERVAL', production ? 300 : 5, 1, 86_400),
    logMinBatch: readNumber(env, 'LOG_MIN_BATCH', production ? 5 : 1, 1, 1000),
    logWitnesses: readWitnesses(env.LOG_WITNESSES ?? ''),
    demo: readChoice(env, 'DEMO', ['0', '1'], production ? '0' : '1') === '1',
    secretKey: env.SECRET_KEY || null,
    logKey: env.LOG_KEY || null,
    metricsToken: env.METRICS_TOKEN || null,
  })
}

function readSecretFiles(env: Environment): Record<string, string> {
  const secrets: Record<string, string> = {}
  for (const name of MAY_LIE_IN_FILES) {
    const path = env[`${name}_FILE`]
    if (!path) continue
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set: keep one of them`)
    secrets[name] = readSecretFile(`${name}_FILE`, path)
  }
  return secrets
}

function readSecretFile(variable: string, path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(`${variable} names ${path}, which can't be read (${code})`)
  }
  const text = decodeText(bytes)?.trim()
  if (text === undefined) throw new ConfigError(`${variable}: ${explainEncoding(bytes, path)}`)
  if (!text) throw new ConfigError(`${variable} names ${path}, which is empty`)
  return text
}

/** A browser can't open 0.0.0.0; the machine's own name for it can. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function readPublicUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search) {
    throw new ConfigError(
      `PUBLIC_URL is "${value}": give the site's origin alone, for example https://sign.example.org`,
    )
  }
  return url.origin
}

function readUrl(env: Environment, name: string, protocols: string[]): string | null {
  const value = env[name]
  if (!value) return null
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    // The value may hold a password: it is not repeated.
    throw new ConfigError(`${name} is not a URL that starts with ${protocols[0]}//`)
  }
  return value
}

/** A second address of the database that DATABASE_URL names: without that there is nothing to be beside. */
function readUrlBeside(env: Environment, name: string): string | null {
  const url = readUrl(env, name, POSTGRES)
  if (url && !env.DATABASE_URL) {
    throw new ConfigError(`${name} is set and DATABASE_URL is not: set both, or neither`)
  }
  return url
}

function readPort(env: Environment, name: string, fallback: number): number {
  return readNumber(env, name, fallback, 0, 65_535)
}

function readNumber(
  env: Environment,
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const value = env[name]
  if (!value) return fallback
  const number = Number(value)
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new ConfigError(`${name} is "${value}": give a whole number from ${min} to ${max}`)
  }
  return number
}

function readChoice(env: Environment, name: string, choices: string[], fallback: string): string {
  const value = env[name] || fallback
  if (!choices.includes(value)) {
    throw new ConfigError(`${name} is "${value}": give one of ${choices.join(', ')}`)
  }
  return value
}

function readWitnesses(value: string): Witness[] {
  try {
    return parseWitnesses(value)
  } catch (error) {
    if (error instanceof WitnessListError) throw new ConfigError(`LOG_WITNESSES: ${error.message}`)
    throw error
  }
}

function readTrustProxy(value: string | undefined): boolean | string {
  if (!value || value === 'false') return false
  return value === 'true' ? true : value
}
