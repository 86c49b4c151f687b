import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Checkpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { openCheckpoint } from '../../log/core/note/open-checkpoint.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import { keepFile } from './keep-file.ts'
import { readFileUpTo } from './source/folder-files.ts'
import { toVerifyError, VerifyError } from './verify-error.ts'

/** A log's state between two runs: without it, nothing tells that the log was rewritten. */
export interface KeptLog {
  /** A site's origin, or a folder. */
  source: string
  vkey: string
  /** The last verified one, as a signed note. */
  note: string
  verifiedAt: Date
  checkpoint: Checkpoint
  file: string
  /** The file with the hashes of the entries that it certifies, if it is there. */
  hashes: string
}

const FORMAT = 'undersigned-verified-log/1'
const ENDING = '.log.json'
const HASHES = '.hashes'
const MAX_BYTES = 2_000_000

export function defaultStateFolder(environment: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: given = '' } = environment
  // The XDG specification has relative paths ignored.
  return join(isAbsolute(given) ? given : join(homedir(), '.local', 'state'), 'undersigned')
}

/** The state file of a source; beside it the file of the entries' hashes, and the copy being made. */
export function pathsOf(folder: string, source: string) {
  const readable = source
    .replace(/^https?:\/\//, '')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .slice(-60)
  const id = createHash('sha256').update(source).digest('hex').slice(0, 8)
  const stem = join(folder, `${readable.replace(/^[.-]+/, '')}-${id}`)
  return { file: `${stem}${ENDING}`, hashes: `${stem}${HASHES}`, copy: `${stem}.copy` }
}

/**
 * All logs kept in the folder.
 *
 * @throws VerifyError when a file is damaged: the damage may be there to hide a rewritten log
 */
export async function readKeptLogs(folder: string): Promise<KeptLog[]> {
  const names = await readdir(folder).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw toVerifyError(folder, 'read', error)
  })
  const kept: KeptLog[] = []
  for (const name of names.filter((name) => name.endsWith(ENDING)).sort()) {
    const file = join(folder, name)
    const log = await readKeptLog(file)
    if (!log) throw new VerifyError(explainDamaged(file))
    kept.push(log)
  }
  return kept
}

function explainDamaged(file: string): string {
  return `${safeText(file)} is damaged: what it says of an earlier run can't be believed; move it away to begin anew`
}

export async function keepLog(log: Omit<KeptLog, 'checkpoint' | 'hashes'>): Promise<void> {
  const { file, source, vkey, note, verifiedAt } = log
  const json = { format: FORMAT, place: source, vkey, checkpoint: note, verifiedAt }
  await keepFile(file, `${JSON.stringify(json, null, 2)}\n`)
}

export async function makeStateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error) => {
    throw toVerifyError(folder, 'written', error)
  })
}

async function readKeptLog(file: string): Promise<KeptLog | null> {
  const bytes = await readFileUpTo(file, MAX_BYTES)
  try {
    const json = JSON.parse(Buffer.from(bytes!).toString())
    const { format, place: source, vkey, checkpoint: note, verifiedAt: time } = json
    const verifiedAt = new Date(time)
    const trust = { logKeys: [parseVkey(vkey)], witnessKeys: [], verify: verifyEd25519 }
    const opened = await openCheckpoint(Buffer.from(note), trust)
    const isWhole = format === FORMAT && typeof source === 'string' && !Number.isNaN(+verifiedAt)
    if (!opened.ok || !isWhole) return null
    const hashes = `${file.slice(0, -ENDING.length)}${HASHES}`
    return { source, vkey, note, verifiedAt, checkpoint: opened.checkpoint, file, hashes }
  } catch {
    return null
  }
}
