import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { checkLog, type LogSource } from '../../log/core/check-log.ts'
import { countEntry, createCounter, listCounted } from '../../log/core/entry/count-entries.ts'
import type { InvalidEntry, LogEntry } from '../../log/core/entry/entry.ts'
import { parseBundle } from '../../log/core/entry/entry-bundle.ts'
import { parseEntry } from '../../log/core/entry/entry-line.ts'
import type { LogFault } from '../../log/core/log-report.ts'
import type { Checkpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { openCheckpoint, type Trust } from '../../log/core/note/open-checkpoint.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import { AuditError } from './audit-input.ts'

export interface Survey extends Sighting {
  /** Of the whole log, as it is now. */
  size: number
  /** The checkpoint that the audit is of. */
  kept: { checkpoint: Checkpoint; text: string }
}

/**
 * Verifies a whole log, and that it still begins with the log of a kept checkpoint; lists the entries that
 * counted then. One pass over the entries.
 *
 * @param at how messages name the log
 * @param wanted entries that are to be remembered
 * @throws AuditError when anything of it can't be believed
 */
export async function surveyLog(
  { at, source, vkey }: { at: string; source: LogSource; vkey: string },
  { note, petition, wanted }: { note: Uint8Array; petition: string; wanted: ReadonlySet<number> },
): Promise<Survey> {
  const name = safeText(at)
  const trust = trustOnly(name, vkey)
  const kept = await open(note, trust, 'the kept checkpoint', name)
  const now = await open(source.checkpoint, trust, 'the checkpoint', name)
  const { size } = now.checkpoint
  if (size < kept.checkpoint.size) {
    throw new AuditError(
      `the log at ${name} has ${size} entries, fewer than the ${kept.checkpoint.size} of the kept checkpoint: it is an older copy, or the log was cut`,
    )
  }
  const watched = watchEntries(source, { petition, size: kept.checkpoint.size, wanted })
  const report = await checkLog(watched.source, trust, [kept.checkpoint])
  if (!report.ok) throw new AuditError(explainFaults(name, report.faults))
  return { ...watched.finish(), size, kept }
}

function trustOnly(name: string, vkey: string): Trust {
  const key = attempt(() => parseVkey(vkey))
  if (!(key instanceof MalformedError)) {
    return { logKeys: [key], witnessKeys: [], verify: verifyEd25519 }
  }
  throw new AuditError(`the log at ${name} has no verifier key that can be read`)
}

async function open(note: Uint8Array, trust: Trust, what: string, name: string) {
  const opened = await openCheckpoint(note, trust)
  if (opened.ok) return opened
  throw new AuditError(`${what} is not one of the log at ${name}: ${PROBLEMS[opened.problem]}`)
}

const PROBLEMS = {
  malformed: 'it is no checkpoint, or was changed',
  'bad-signature': 'its signature is false',
  unsigned: "it isn't signed by that log's key",
  'wrong-origin': 'it names another log',
} as const

function explainFaults(name: string, faults: LogFault[]): string {
  const [{ problem, path, at }] = faults as [LogFault]
  if (problem === 'rewritten') {
    return `the log at ${name} was rewritten: it does not begin with what the kept checkpoint of ${at} entries promised`
  }
  if (problem === 'shrunk') {
    return `the log at ${name} has fewer entries than the ${at} of the kept checkpoint`
  }
  const more = faults.length > 1 ? `, and ${faults.length - 1} faults more` : ''
  return `the log at ${name} can't be believed: ${problem} in ${path}${more}; "undersigned verify" tells all`
}

interface Sighting {
  /** The petition's counted entries at the kept size, ascending. */
  counted: number[]
  /** Of all petitions. */
  slugs: string[]
  entries: Map<number, LogEntry | InvalidEntry>
  /** Wanted entries that were withdrawn or voided after the kept size, and by which of the two. */
  leavings: Map<number, 'withdraw' | 'void'>
}

interface Wanted {
  petition: string
  /** Of the kept checkpoint. */
  size: number
  /** Entries to remember. */
  wanted: ReadonlySet<number>
}

/**
 * Reads the very bytes that the check reads: asked for them a second time, a site might send others.
 * The findings hold only if the check succeeds.
 */
function watchEntries(
  source: LogSource,
  { petition, size, wanted }: Wanted,
): { source: LogSource; finish(): Sighting } {
  const counter = createCounter()
  const entries: Sighting['entries'] = new Map()
  const leavings: Sighting['leavings'] = new Map()
  let counted: number[] | null = null

  function take(entry: LogEntry | InvalidEntry) {
    const index = counter.size
    if (index === size) counted = listCounted(counter, petition)
    if (wanted.has(index)) entries.set(index, entry)
    const effect = countEntry(counter, entry)
    if (effect !== 'taken-out' || (entry.kind !== 'withdraw' && entry.kind !== 'void')) return
    if (index >= size && wanted.has(entry.index)) leavings.set(entry.index, entry.kind)
  }

  return {
    source: {
      ...source,
      async getBundle(n, width) {
        const bundle = await source.getBundle(n, width)
        // The check refuses a bundle that can't be read.
        const parsed = bundle && attempt(() => parseBundle(bundle, width))
        if (parsed && !(parsed instanceof MalformedError)) {
          for (const bytes of parsed) take(parseEntry(bytes))
        }
        return bundle
      },
    },
    finish: () => ({
      counted: counted ?? listCounted(counter, petition),
      slugs: [...counter.petitions.keys()],
      entries,
      leavings,
    }),
  }
}
