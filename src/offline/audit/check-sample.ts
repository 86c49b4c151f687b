import type { OpenedFile } from '../../sealing/record/opened-file.ts'
import { safeText } from '../verify/safe-text.ts'
import { AuditError } from './audit-error.ts'
import { checkShown, type Mismatched } from './check-shown.ts'
import type { Draw } from './draw-file.ts'
import { drawIndexes } from './draw-indexes.ts'
import { judgeSample, type Verdict } from './judge-sample.ts'
import type { OpenSource } from './open-source.ts'
import { type Survey, surveyLog } from './survey-log.ts'

export interface AuditResult {
  /** Of the log, now and at the checkpoint that was drawn from. */
  size: { now: number; kept: number }
  /** Without any, the verdict stands. */
  mismatches: Mismatched[]
  verdict: Verdict
}

/**
 * Verifies the log, that the draw is the one its checkpoint and random value give, and that what was
 * opened is what the log committed to; then says what the sample tells of all.
 *
 * @param found entries that the auditor found bad
 * @throws AuditError when the log can't be believed, or the draw or the file is another's
 */
export async function checkSample(
  open: OpenSource,
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
    mismatches: checkShown(records, drawn, survey.entries),
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
