import { attempt, MalformedError } from '../../log/core/canonical.ts'
import { checkLog, type LogSource } from '../../log/core/check/check-log.ts'
import type { LogFault } from '../../log/core/check/log-report.ts'
import type { Checkpoint } from '../../log/core/note/checkpoint.ts'
import { verifyEd25519 } from '../../log/core/note/node-ed25519.ts'
import { parseVkey } from '../../log/core/note/note-key.ts'
import { openCheckpoint, type Trust } from '../../log/core/note/open-checkpoint.ts'
import { safeText } from '../verify/safe-text.ts'
import { AuditError } from './audit-error.ts'
import { type Sighting, watchEntries } from './watch-entries.ts'

export interface Survey extends Sighting {
  /** Of the whole log, as it is now. */
  size: number
  /** The checkpoint that the audit is of. */
  kept: { checkpoint: Checkpoint; text: string }
}

/**
 * Verifies a whole log, and that it still begins with what a kept checkpoint promised; says what that
 * checkpoint's log held. One pass over the entries.
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
