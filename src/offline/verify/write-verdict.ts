import type { NoteKey } from '../../log/core/note/note-key.ts'
import type { Signed } from '../../log/core/note/open-note.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import { type ComparedCount, compareCounts } from './compare-counts.ts'
import type { KeptLog } from './kept-log.ts'
import { FAULT_KINDS, type Fault, type FaultKind, nameFaults } from './name-faults.ts'
import type { VerifiedLog } from './verify-log.ts'

export interface Verdict {
  ok: boolean
  /** For scripts: the kind of the most telling fault. */
  verdict: 'ok' | FaultKind
  petitions: ComparedCount[]
  /** Entries of the log; null when its checkpoint can't be believed. */
  size: number | null
  vkey: string
  /** When each demanded witness signed. */
  witnesses: { name: string; time: string | null }[]
  /** Size of the checkpoint of an earlier run that the log extends. */
  earlier: { size: number; verifiedAt: string } | null
  faults: string[]
  /** About keys that were passed over, which does no harm. */
  warnings: string[]
}

const number = (value: number) => value.toLocaleString('en')

export function judge(
  log: VerifiedLog,
  { witnesses, kept, evidence }: { witnesses: NoteKey[]; kept: KeptLog | null; evidence: string[] },
): Verdict {
  const { report, claims, vkey, otherVkey } = log
  const size = report.checkpoint?.size ?? null
  // Of a log that doesn't hold, no number is worth a line.
  const petitions = report.ok ? compareCounts(report.counter, claims, size!) : []
  const cosigned = witnesses.map((key) => ({ key, by: findSigned(report.cosigned, key) }))
  const faults: Fault[] = [
    ...nameFaults(log, kept, evidence),
    ...(otherVkey ? [fault('other-key', explainOtherKey(vkey, otherVkey))] : []),
    ...petitions.flatMap(({ slug, fault: text }) =>
      text ? [fault('other-count', `${safeText(slug)}: ${text}`)] : [],
    ),
    ...cosigned.flatMap(({ key, by }) =>
      by ? [] : [fault('not-witnessed', `the witness ${key.name} has not signed this checkpoint`)],
    ),
  ].sort((a, b) => FAULT_KINDS.indexOf(a.kind) - FAULT_KINDS.indexOf(b.kind))
  return {
    ok: faults.length === 0,
    verdict: faults[0]?.kind ?? 'ok',
    petitions,
    size,
    vkey,
    witnesses: cosigned.map(({ key, by }) => ({
      name: key.name,
      time: by?.time ? new Date(by.time * 1000).toISOString() : null,
    })),
    earlier: kept && { size: kept.checkpoint.size, verifiedAt: kept.verifiedAt.toISOString() },
    faults: faults.map(({ text }) => text),
    warnings: log.unknownKeys.map(
      (key) => `of the log's keys one is passed over: ${safeText(key)}`,
    ),
  }
}

const fault = (kind: FaultKind, text: string): Fault => ({ kind, text })

/** The verdict in plain words, line by line. */
export function writeVerdict(verdict: Verdict): string[] {
  const { petitions, size, vkey, witnesses, earlier, faults } = verdict
  const lines = petitions.map(describeCount)
  if (size !== null) {
    lines.push(`The log has ${number(size)} entries, certified by ${safeText(vkey)}`)
    if (earlier && faults.length === 0) {
      const day = earlier.verifiedAt.slice(0, 10)
      lines.push(
        `It extends the ${number(earlier.size)} entries that were verified here on ${day}.`,
      )
    }
  }
  for (const { name, time } of witnesses) {
    if (time) lines.push(`Witness ${safeText(name)} signed it at ${time}.`)
  }
  return [...lines, ...conclude(verdict)]
}

function conclude({ ok, faults, petitions }: Verdict): string[] {
  if (!ok) return [`NOT OK: ${faults[0]}`, ...faults.slice(1).map((fault) => `        ${fault}`)]
  const many = petitions.length === 1 ? 'the count is' : 'the counts are'
  return [
    `OK: nothing in the log was changed, and ${many} what its entries add up to. It does not prove that a different person stands behind each entry: the audit of a random sample bounds that.`,
  ]
}

function describeCount(compared: ComparedCount): string {
  const { slug, signatures, shown, turnedAway, paper, imported } = compared
  const claims = [
    ...(turnedAway > 0 ? [`that they turned away ${number(turnedAway)} before they counted`] : []),
    ...(paper > 0 ? [`that they hold ${number(paper)} on paper, which nobody has verified`] : []),
    ...(imported > 0
      ? [`that they hold ${number(imported)} from other sites, which nobody has verified here`]
      : []),
  ]
  const said = compareWithShown({ slug, signatures, shown })
  return [said, ...claims.map((claim) => `Beside these the organisers say ${claim}`)].join('. ')
}

function compareWithShown({
  slug,
  signatures,
  shown,
}: Pick<ComparedCount, 'slug' | 'signatures' | 'shown'>): string {
  const recomputed = `${safeText(slug)}: ${number(signatures)} signatures, recomputed from the log`
  if (shown === null) return recomputed
  const waiting = shown - signatures
  if (waiting === 0) return `${recomputed}; the site shows the same`
  const what =
    waiting > 0
      ? `${number(waiting)} that just arrived are not yet in the log`
      : `${number(-waiting)} withdrawals are not yet in the log`
  return `${recomputed}; the site shows ${number(shown)}: ${what}`
}

function findSigned(cosigned: Signed[], { name, keyId }: NoteKey): Signed | undefined {
  return cosigned.find(({ key }) => key.name === name && key.keyId === keyId)
}

function explainOtherKey(trusted: string, offered: string): string {
  return `it hands out another key now, ${safeText(offered)}, than the trusted one, ${safeText(trusted)}: ask its organisers, in another way than through this site`
}
