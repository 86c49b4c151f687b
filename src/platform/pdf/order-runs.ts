import bidiFactory from 'bidi-js'
import { type Font, fontOf } from './fonts.ts'

/** Its types describe an ES module; Node.js gets the function itself. */
const bidi = (bidiFactory as unknown as typeof bidiFactory.default)()

export type Direction = 'ltr' | 'rtl'

/** A part of a line in one font and one direction. */
export interface Run {
  font: Font
  /** As pdfkit has to be given it: see `toShape`. */
  text: string
}

/** Invisible, and of no use once the order is known: direction marks, soft hyphens, joiners of emoji. */
const UNSEEN = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\ufe0e|\ufe0f/
/** pdfkit lays these out from right to left by itself: it goes by the first letter that belongs to a script. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u
const OWN_SCRIPT = /[^\p{Script=Common}\p{Script=Inherited}]/u

export interface OrderedText {
  text: string
  levels: Uint8Array
}

/**
 * The levels of a paragraph's characters, by UAX 9: even ones read from left to right. On pages that are read from the
 * left, a paragraph that begins in Arabic letters goes by them.
 */
export function levelsOf(text: string, direction: Direction): OrderedText {
  const own = direction === 'rtl' ? 'rtl' : undefined
  return { text, levels: bidi.getEmbeddingLevels(text, own).levels }
}

/** A line's runs from left to right, as they are seen. @param start, end of the line in the paragraph */
export function orderRuns(
  { text, levels }: OrderedText,
  fonts: readonly Font[],
  { start, end }: { start: number; end: number },
): Run[] {
  const runs: { font: Font; level: number; text: string }[] = []
  for (let at = start; at < end; ) {
    const character = String.fromCodePoint(text.codePointAt(at)!)
    const level = levels[at]!
    at += character.length
    if (UNSEEN.test(character)) continue
    const last = runs.at(-1)
    const seen = toSee(level % 2 === 1 ? bidi.getMirroredCharacter(character) : null, character)
    // Space and marks stay with the letters beside them, where that font has them.
    const same = last?.level === level && isShared(character) && last.font.has(seen)
    const font = same ? last.font : fontOf(fonts, seen)
    if (last?.level === level && last.font === font) last.text += seen
    else runs.push({ font, level, text: seen })
  }
  return reverseByLevel(runs).map(({ font, level, text }) => ({ font, text: toShape(text, level) }))
}

/** The fonts have no narrow space. */
const toSee = (mirrored: string | null, character: string) =>
  mirrored ?? (character === '\u202f' ? '\u00a0' : character)

const isShared = (character: string) => !OWN_SCRIPT.test(character)

/** UAX 9, L2: from the highest level to the lowest odd one, whatever is of that level or higher is reversed. */
function reverseByLevel<T extends { level: number }>(runs: T[]): T[] {
  const ordered = [...runs]
  const highest = Math.max(0, ...runs.map(({ level }) => level))
  for (let level = highest; level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from
      while (to < ordered.length && ordered[to]!.level >= level) to++
      if (to > from + 1) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse())
      from = Math.max(from, to - 1)
    }
  }
  return ordered
}

/** Reversed where pdfkit would lay it out in the other direction than its level says, as digits of Persian. */
function toShape(text: string, level: number): string {
  const first = [...text].find((character) => OWN_SCRIPT.test(character))
  const isReversedByItself = first !== undefined && RIGHT_TO_LEFT.test(first)
  return isReversedByItself === (level % 2 === 1) ? text : [...text].reverse().join('')
}
