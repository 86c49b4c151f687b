import { attempt, MalformedError, parseDecimal } from '../../log/core/canonical.ts'
import { safeText } from '../verify/safe-text.ts'
import { AuditError } from './audit-error.ts'
import { DRAW_FORMAT, parseDraw } from './draw-file.ts'
import { readTextOf } from './read-file.ts'

const LIST = /^\d[\d\s,]*$/

/**
 * Numbers of entries as people give them: `12,15,99`, or a file with such a list, a number a line if they
 * like.
 *
 * @param draws whether the file may be a draw, too, whose entries are then meant
 * @returns each once, in their order
 * @throws AuditError
 */
export async function readIndexes(given: string, { draws = false } = {}): Promise<number[]> {
  if (LIST.test(given)) return parseList(given, given)
  const text = await readTextOf(given)
  if (!text.trimStart().startsWith('{')) return parseList(text, given)
  const draw = draws ? parseDraw(text) : null
  if (draw) return [...draw.indexes]
  throw new AuditError(
    draws
      ? `${safeText(given)} is no draw (${DRAW_FORMAT}) and no list of entry numbers`
      : `${safeText(given)} is no list of entry numbers: give numbers between commas, or a file of them`,
  )
}

function parseList(text: string, given: string): number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  if (words.length === 0) throw new AuditError(`${safeText(given)} names no entry`)
  const indexes = words.map((word) => {
    const index = attempt(() => parseDecimal(word))
    if (!(index instanceof MalformedError)) return index
    throw new AuditError(
      `"${safeText(word.slice(0, 40))}" in ${safeText(given.slice(0, 200))} is no number of an entry`,
    )
  })
  return [...new Set(indexes)]
}
