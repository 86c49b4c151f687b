import { safeText } from '../verify/safe-text.ts'
import { AuditError } from './audit-error.ts'
import { DRAW_FORMAT, type Draw } from './draw-file.ts'
import { drawIndexes } from './draw-indexes.ts'
import type { OpenSource } from './open-source.ts'
import { surveyLog } from './survey-log.ts'

/**
 * Draws k of a petition's signatures that counted at a checkpoint; the log is verified first.
 *
 * @param note the kept checkpoint; null for that of now, which is right only when the random value wasn't
 *   known yet
 * @throws AuditError
 */
export async function drawSample(
  open: OpenSource,
  at: string,
  {
    petition,
    random,
    k,
    note: kept,
  }: { petition: string; random: string; k: number; note: Uint8Array | null },
): Promise<{ draw: Draw; size: { now: number; kept: number } }> {
  const log = await open(at)
  const note = kept ?? log.source.checkpoint
  const survey = await surveyLog({ at, ...log }, { note, petition, wanted: new Set() })
  const { counted, slugs } = survey
  const { checkpoint, text } = survey.kept
  if (counted.length < k) throw tooFew(petition, k, counted.length, slugs)
  const draw: Draw = {
    format: DRAW_FORMAT,
    petition,
    origin: checkpoint.origin,
    vkey: log.vkey,
    checkpoint: Buffer.from(note).toString(),
    random,
    k,
    population: counted.length,
    indexes: drawIndexes(text, random, k, counted),
  }
  return { draw, size: { now: survey.size, kept: checkpoint.size } }
}

function tooFew(petition: string, k: number, counted: number, slugs: string[]): AuditError {
  if (slugs.includes(petition)) {
    return new AuditError(
      `${k} can't be drawn: only ${counted} signatures of ${petition} counted at the checkpoint`,
    )
  }
  const known =
    slugs.length > 0 ? `it has those of ${slugs.slice(0, 20).join(', ')}` : 'it has none'
  return new AuditError(`the log has no signature of "${safeText(petition)}": ${known}`)
}
