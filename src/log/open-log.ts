import { randomInt } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../database.ts'
import type { SteadyClock } from '../platform/clock.ts'
import { type Keyring, loadOrCreateSecret, loadSecret, parseSecret } from '../platform/keyring.ts'
import { parseCheckpoint } from './core/note/checkpoint.ts'
import { signerFromSeed } from './core/note/node-ed25519.ts'
import { parseNote } from './core/note/note.ts'
import { ED25519, formatVkey } from './core/note/note-key.ts'
import type { NoteSigner } from './core/note/sign-note.ts'
import { EMPTY_ROOT } from './core/tree/hash-tree.ts'
import { logFolder, readSigned, tagsFile } from './log-folder.ts'
import { LogRefusal, type LogWriter } from './sequencing/log-writer.ts'
import { findState, insertState } from './store/log-state.ts'
import { createCosign } from './witnesses/collect-cosignatures.ts'
import type { Witness } from './witnesses/parse-witnesses.ts'

interface LogSettings {
  dataDir: string
  production: boolean
  publicUrl: string
  /** 32 bytes in base64; null: the key lies in DATA_DIR. */
  logKey: string | null
}

export interface WriterNeeds {
  db: Db
  clock: SteadyClock
  keyring: Keyring
  logger: FastifyBaseLogger
  config: LogSettings & {
    logMinBatch: number
    logWitnesses: readonly Witness[]
    logWitnessesUnknown: readonly string[]
  }
}

/**
 * @param create false for commands: they begin no log, and make no key
 * @throws KeyringError, LogRefusal: each a line for the operator
 */
export async function createLogWriter(
  { db, clock, config, keyring, logger }: WriterNeeds,
  { create = true } = {},
): Promise<LogWriter> {
  for (const why of config.logWitnessesUnknown) {
    logger.warn(
      { why },
      'a witness of LOG_WITNESSES is passed over: its signature is not asked for',
    )
  }
  return {
    clock,
    signer: await openLogSigner(db, config, { create }),
    folder: logFolder(config),
    figuresKey: keyring.figures,
    minBatch: config.logMinBatch,
    tagsFile: tagsFile(config),
    randomInt: (below) => randomInt(below),
    cosign: createCosign(db, { clock, logger }, config.logWitnesses),
  }
}

/**
 * The log's signer. The log begins here when there is none: its origin is the site's host, and stays the
 * same when the site moves.
 *
 * @throws LogRefusal without a key in production, or when it isn't the key of this log
 */
async function openLogSigner(
  db: Db,
  config: LogSettings,
  { create = true } = {},
): Promise<NoteSigner> {
  const seed = await readSeed(config, create)
  const state = await findState(db)
  const origin = state?.origin ?? (await originOfKept(config)) ?? originOf(config.publicUrl)
  const signer = signerFromSeed(origin, ED25519, seed)
  const vkey = formatVkey(signer.key)
  // Several nodes may start at once: all are held to the log that the first has begun.
  if (!state) await insertState(db, { origin, vkey, root: EMPTY_ROOT })
  const known = (await findState(db))!.vkey
  if (known !== vkey) {
    throw new LogRefusal(
      `the key in ${config.logKey ? 'LOG_KEY' : 'DATA_DIR/secrets/log-key'} is not the public log's: its verifier key would be ${vkey}, and the log is signed by ${known}; give the node the log's own key`,
    )
  }
  return signer
}

/** `sign.example.org/log`, as c2sp.org/tlog-checkpoint advises: a URL without its scheme. */
function originOf(publicUrl: string): string {
  return `${new URL(publicUrl).host}/log`
}

/** A new database beside the files of the log: that log is to be rebuilt in it. */
async function originOfKept(config: { dataDir: string }): Promise<string | null> {
  const kept = await readSigned(logFolder(config))
  return kept && parseCheckpoint(parseNote(kept.note).text).origin
}

async function readSeed(config: Omit<LogSettings, 'publicUrl'>, create: boolean): Promise<Buffer> {
  if (config.logKey) return parseSecret(config.logKey, 'LOG_KEY')
  if (config.production) {
    throw new LogRefusal(
      'LOG_KEY is not set: production needs it where a worker runs, make one with "openssl rand -base64 32"',
    )
  }
  if (!create) return loadSecret(config.dataDir, 'log-key')
  return loadOrCreateSecret(config.dataDir, 'log-key')
}
