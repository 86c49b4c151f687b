import type { InvalidEntry, LogEntry } from '../../log/core/entry/entry.ts'
import { formerMailboxes, parseEmail } from '../../platform/address/email-address.ts'
import { decodeBase64, encodeBase64 } from '../../platform/bytes.ts'
import { safeText } from '../../platform/terminal/escape-unsafe.ts'
import { commit } from '../../sealing/record/commitment.ts'
import type { OpenedEntry, OpenedFile } from '../../sealing/record/opened-file.ts'
import { AuditError, type OpenLog } from './audit-input.ts'
import type { Draw } from './draw-file.ts'
import { drawIndexes } from './draw-indexes.ts'
import { judgeSample, type Verdict } from './judge-sample.ts'
import { type Survey, surveyLog } from './survey-log.ts'

export interface AuditResult {
  /** Of the log, now and at the checkpoint that was drawn from. */
  size: { now: number; kept: number }
  /** Without any, the verdict stands. */
  mismatches: Mismatched[]
  verdict: Verdict
}

/**
 * Verifies the log, that the draw follows from its checkpoint and random value, and that the opened
 * records are those that the log committed to; then judges the sample.
 *
 * @param found entries that the auditor found bad
 * @throws AuditError when the log can't be believed, or the draw or the file is another's
 */
export async function checkSample(
  open: OpenLog,
  at: string,
  {
    draw,
    opened,
    found,
    confidence,
  }: { draw: Draw; opened: OpenedFile; found: number[]; confidence: number },
): Promise<AuditResult> {
  const { petition } = draw
  const drawn = new Set(draw.indexes)
  if (opened.petition !== petition) {
    throw new AuditError(
      `the opened records are of ${safeText(opened.petition)}, the draw is of ${petition}`,
    )
  }
  const stray = found.filter((index) => !drawn.has(index))
  if (stray.length > 0) {
    throw new AuditError(`--bad names entries that were not drawn: ${stray.join(', ')}`)
  }
  const log = await open(at)
  if (log.vkey !== draw.vkey) {
    throw new AuditError(
      `the draw is of another log: its key is ${safeText(draw.vkey)}, that of ${safeText(at)} is ${safeText(log.vkey)}`,
    )
  }
  const note = Buffer.from(draw.checkpoint)
  const survey = await surveyLog({ at, ...log }, { note, petition, wanted: drawn })
  checkDraw(draw, survey)
  const { records } = opened
  const { leavings } = survey
  return {
    size: { now: survey.size, kept: survey.kept.checkpoint.size },
    mismatches: compareRecords(records, drawn, survey.entries),
    verdict: judgeSample(draw.indexes, { records, found: new Set(found), leavings, confidence }),
  }
}

/** @throws AuditError */
function checkDraw(draw: Draw, { counted, kept }: Survey): void {
  const { k, population, indexes, random, origin } = draw
  const right =
    population === counted.length &&
    k <= population &&
    origin === kept.checkpoint.origin &&
    sameNumbers(indexes, drawIndexes(kept.text, random, k, counted))
  if (right) return
  throw new AuditError(
    `the draw is not what its checkpoint and its random value "${random}" give: draw anew with "undersigned audit draw"`,
  )
}

const sameNumbers = (one: readonly number[], other: readonly number[]) =>
  one.length === other.length && one.every((number, at) => number === other[at])

/** No mistake of a signer's explains these: somebody cheated, or files of two audits were mixed up. */
export type Mismatch =
  | 'not drawn'
  | 'shown twice'
  /** The log committed to another record at that index. */
  | 'other record'
  /** The commitment covers the normalised address alone: mail to another would reach somebody else. */
  | 'other address'

interface Mismatched {
  index: number
  mismatch: Mismatch
}

/** Compares every opened record with the log's entry at its index. */
function compareRecords(
  records: OpenedEntry[],
  drawn: ReadonlySet<number>,
  entries: ReadonlyMap<number, LogEntry | InvalidEntry>,
): Mismatched[] {
  const seen = new Set<number>()
  return records.flatMap((record) => {
    const { index } = record
    const mismatch = !drawn.has(index)
      ? 'not drawn'
      : seen.has(index)
        ? 'shown twice'
        : compare(record, entries.get(index))
    seen.add(index)
    return mismatch ? { index, mismatch } : []
  })
}

/** By the rules of today, or by those of the day it was signed. */
function isSpelling(typed: string, normalised: string): boolean {
  const email = parseEmail(typed)
  if (!email) return false
  return (
    email.normalised === normalised ||
    formerMailboxes(email).some((former) => former.normalised === normalised)
  )
}

function compare(record: OpenedEntry, entry: LogEntry | InvalidEntry | undefined): Mismatch | null {
  if (entry?.kind !== 'sign' || entry.slug !== record.slug) return 'other record'
  const r = decodeBase64(record.r)
  if (!r || encodeBase64(commit(r, record)) !== entry.commitment) return 'other record'
  return isSpelling(record.email, record.normalisedEmail) ? null : 'other address'
}
