import { rm } from 'node:fs/promises'
import { attempt, decodeUtf8, encodeUtf8, MalformedError } from '../../log/core/canonical.ts'
import { checkLog } from '../../log/core/check-log.ts'
import type { LogReport } from '../../log/core/log-report.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { type NoteKey, parseVkey } from '../../log/core/note/note-key.ts'
import { openCheckpoint, type Trust } from '../../log/core/note/open-checkpoint.ts'
import { type Claim, claimedSize, readClaims } from './compare-counts.ts'
import { downloadLog, type LogCopy, openCopy } from './download-log.ts'
import { compareShorter, type Shorter } from './kept-hashes.ts'
import type { KeptLog } from './kept-log.ts'
import type { HttpOptions } from './source/get-bytes.ts'
import { readAhead, readTiles } from './source/log-files.ts'
import { openSource, readCheckpoint, readVkeys, type Source } from './source/open-source.ts'
import { VerifyError } from './verify-error.ts'

interface VerifyOptions {
  /** As somebody trusted gave it; null for that of an earlier run, else the source's own. */
  vkey: string | null
  witnesses: NoteKey[]
  /** The state of this source since the last run. */
  kept: KeptLog | null
  /** The states of other sources: a copy or a mirror of the same log must be the same log. */
  others: KeptLog[]
  /** Where a site's log is copied to. */
  copyTo: string | null
  http: HttpOptions
  /** Told of every file that is there. */
  onFile(entries: number, size: number): void
}

export interface VerifiedLog {
  source: Source
  vkey: string
  note: Uint8Array
  report: LogReport
  /** The earlier states that it must extend. */
  promised: KeptLog[]
  /** Null unless it has fewer entries than were verified before. */
  shorter: Shorter | null
  /** Null for a folder: nothing is compared. */
  claims: Claim[] | null
  copy: LogCopy | null
  /** A key other than the trusted one that the source hands out now. */
  otherVkey: string | null
  /** Keys that the source hands out, of types from after this program: passed over. */
  unknownKeys: string[]
}

/** Rounds until the site's own count and the log that was read are of the same moment. */
const ROUNDS = 3

/**
 * Downloads a site's log, or reads a folder's, and checks all of it.
 *
 * @throws VerifyError when it can't be read at all; its faults stand in the report
 */
export async function verifyLog(at: string, options: VerifyOptions): Promise<VerifiedLog> {
  const source = await openSource(at, options.http)
  const { vkeys: offered, unknown: unknownKeys } = await readVkeys(source)
  const related = findRelated(options, offered[0] ?? null)
  const vkey = options.vkey ?? related[0]?.vkey ?? offered[0]
  if (!vkey) {
    const none = unknownKeys.length > 0 ? 'no key of a type that is known here' : 'no key'
    throw new VerifyError(`${source.name} hands out ${none}: give it with --vkey`)
  }
  const key = attempt(() => parseVkey(vkey))
  if (key instanceof MalformedError) throw new VerifyError(`the key is none: ${key.message}`)
  const trust: Trust = {
    logKeys: [key],
    witnessKeys: options.witnesses,
    verify: verifyEd25519,
  }
  const otherVkey = offered.length > 0 && !offered.includes(vkey) ? offered[0]! : null
  const copy = source.site && options.copyTo ? openCopy(options.copyTo) : null
  for (let round = 1; ; round++) {
    const note = await readCheckpoint(source)
    const opened = await openCheckpoint(note, trust)
    const size = opened.ok ? opened.checkpoint.size : 0
    if (copy && opened.ok) await bring(source, copy, { size, vkey }, options)
    const tiles = copy ?? readTiles(source.files)
    const promised = promisedBy(related, options.kept, size)
    const earlier = promised.map(({ checkpoint }) => checkpoint)
    const report = await checkLog(readAhead({ checkpoint: note, ...tiles }, size), trust, earlier)
    const shorter = await judgeShorter(report, options.kept)
    // A mirror keeps its newer one: the site's own log may have to be rebuilt from it.
    if (copy && opened.ok && (shorter === null || shorter === 'other')) {
      await copy.write('checkpoint', note)
    }
    const claims = source.site ? await readClaims(source.site, options.http) : null
    const keys = { vkey, otherVkey, unknownKeys }
    const found = { source, ...keys, note, report, promised, shorter, claims, copy }
    // The log grew while it was read: its count is to be compared at one size.
    if (round === ROUNDS || !report.ok || !claims || (claimedSize(claims) ?? 0) <= size)
      return found
  }
}

/** The state of this source first, then those of other sources of the same log. */
function findRelated({ kept, others }: VerifyOptions, offered: string | null): KeptLog[] {
  const key = offered === null ? null : attempt(() => parseVkey(offered))
  const origin = kept?.checkpoint.origin ?? (key instanceof MalformedError ? null : key?.name)
  const same = others.filter(({ checkpoint }) => checkpoint.origin === origin)
  return kept ? [kept, ...same] : same
}

/** Another source may hold an older copy; the same one may not have fewer entries than before. */
function promisedBy(related: KeptLog[], kept: KeptLog | null, size: number): KeptLog[] {
  return related.filter((log) => log === kept || log.checkpoint.size <= size)
}

async function judgeShorter(
  { checkpoint, faults }: LogReport,
  kept: KeptLog | null,
): Promise<Shorter | null> {
  // Entries that don't fit their own checkpoint say nothing about the log's past.
  if (!kept || !checkpoint || faults.some(({ problem }) => problem === 'other-root')) return null
  if (checkpoint.size >= kept.checkpoint.size) return null
  return compareShorter(kept.hashes, kept.checkpoint, checkpoint)
}

async function bring(
  source: Source,
  copy: LogCopy,
  { size, vkey }: { size: number; vkey: string },
  { onFile }: VerifyOptions,
): Promise<void> {
  await copy.write('vkey', encodeUtf8(`${vkey}\n`))
  let entries = 0
  await downloadLog(readTiles(source.files), copy, size, (file) => {
    entries += file.entries
    onFile(entries, size)
  })
}

/** Deletes the copy that an earlier run has made. */
export async function forgetCopy(folder: string): Promise<void> {
  await openCopy(folder).remove()
  await rm(folder, { recursive: false, force: true }).catch(() => {})
}

/** The note as text, for a state file. */
export const noteText = (note: Uint8Array): string => decodeUtf8(note)
