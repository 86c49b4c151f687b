import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Checkpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { openCheckpoint } from '../../log/core/note/open-checkpoint.ts'
import { readFileUpTo } from './files/folder-files.ts'
import { writeWhole } from './files/write-whole.ts'
import { safeText } from './safe-text.ts'
import { toVerifyError, VerifyError } from './verify-error.ts'

/** What is kept of a log between two runs: without it, nothing tells that it was rewritten. */
export interface KeptLog {
  /** Where it was: a site's origin, or a folder. */
  place: string
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

/** The state file of a place, and what lies beside it: the entries' hashes, the copy being made. */
export function pathsOf(folder: string, place: string) {
  const readable = place
    .replace(/^https?:\/\//, '')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .slice(-60)
  const id = createHash('sha256').update(place).digest('hex').slice(0, 8)
  const stem = join(folder, `${readable.replace(/^[.-]+/, '')}-${id}`)
  return { file: `${stem}${ENDING}`, hashes: `${stem}${HASHES}`, copy: `${stem}.copy` }
}

/**
 * All logs kept in the folder.
 *
 * @throws VerifyError when a file is damaged: whoever did it may want that a rewritten log isn't found out
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
  const { file, place, vkey, note, verifiedAt } = log
  const json = { format: FORMAT, place, vkey, checkpoint: note, verifiedAt }
  await writeWhole(file, `${JSON.stringify(json, null, 2)}\n`)
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
    const { format, place, vkey, checkpoint: note, verifiedAt: time } = json
    const verifiedAt = new Date(time)
    const trust = { logKeys: [parseVkey(vkey)], witnessKeys: [], verify: verifyEd25519 }
    const opened = await openCheckpoint(Buffer.from(note), trust)
    const isWhole = format === FORMAT && typeof place === 'string' && !Number.isNaN(+verifiedAt)
    if (!opened.ok || !isWhole) return null
    const hashes = `${file.slice(0, -ENDING.length)}${HASHES}`
    return { place, vkey, note, verifiedAt, checkpoint: opened.checkpoint, file, hashes }
  } catch {
    return null
  }
}
