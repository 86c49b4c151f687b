import type { Font } from './fonts.ts'
import { type Direction, levelsOf, orderRuns, type Run } from './order-runs.ts'

export interface Line {
  /** From left to right. */
  runs: readonly (Run & { width: number })[]
  width: number
  /** The next line begins another word: programs that read aloud want a space between them. */
  endsWord: boolean
}

export type Measure = (run: Run) => number

/** A line may end behind a space, a hyphen or a dash, not behind a no-break space, nor within `COP-29` (UAX #14, LB25). */
const PIECE = /(?:[^ \-–—/]|-(?=\p{Nd}))*[-–—/]* */gu

/** Breaks a paragraph into lines of at most a width; a word that is wider, such as a long address, anywhere. */
export function wrapLines(
  paragraph: string,
  fonts: readonly Font[],
  { width, direction, measure }: { width: number; direction: Direction; measure: Measure },
): Line[] {
  const text = paragraph.replaceAll(/[^\S\u00a0\u202f]+/g, ' ').trim()
  const ordered = levelsOf(text, direction)
  const runsOf = (start: number, end: number) =>
    orderRuns(ordered, fonts, { start, end: start + text.slice(start, end).trimEnd().length })
  const widthOf = (start: number, end: number) =>
    runsOf(start, end).reduce((sum, run) => sum + measure(run), 0)
  const ends: number[] = []
  let start = 0
  for (const { index, 0: piece } of text.matchAll(PIECE)) {
    const end = index + piece.length
    if (widthOf(start, end) <= width) continue
    if (index > start) {
      ends.push(index)
      start = index
    }
    for (let cut = cutOf(start, end); cut < end; cut = cutOf(start, end)) {
      ends.push(cut)
      start = cut
    }
  }
  if (start < text.length) ends.push(text.length)
  return ends.map((end, nth) => {
    const runs = runsOf(ends[nth - 1] ?? 0, end).map((run) => ({ ...run, width: measure(run) }))
    const endsWord = end < text.length && text[end - 1] === ' '
    return { runs, endsWord, width: runs.reduce((sum, run) => sum + run.width, 0) }
  })

  /** How much of a single word fits, at least a character. */
  function cutOf(from: number, end: number): number {
    if (widthOf(from, end) <= width) return end
    let cut = from + 1
    while (cut < end && widthOf(from, cut + 1) <= width) cut++
    // Never within a character of two code units.
    return text.codePointAt(cut - 1)! > 0xffff ? cut + 1 : cut
  }
}
