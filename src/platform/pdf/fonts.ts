import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ExpectedError } from '../expected-error.ts'

/** A text has letters that no font of this program has: a page with empty boxes would be worse than none. */
export class MissingLettersError extends ExpectedError {}

export type Weight = 'regular' | 'bold'

export interface Font {
  /** By which the document knows it. */
  name: string
  has(character: string): boolean
}

export type Fonts = Readonly<Record<Weight, readonly Font[]>>

/** What a document does with a font: pdfkit's. */
export interface FontKeeper {
  registerFont(name: string, bytes: Buffer): unknown
  hasGlyph(name: string, codePoint: number): boolean
}

interface Family {
  file: (script: string, weight: number) => string
  scripts: readonly string[]
  weights: Readonly<Record<Weight, number>>
  isVariable: boolean
}

/** The first that has a letter gives it. */
const FAMILIES: readonly Family[] = [
  {
    file: (script) =>
      `@fontsource-variable/source-serif-4/files/source-serif-4-${script}-wght-normal.woff2`,
    scripts: ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek'],
    weights: { regular: 400, bold: 600 },
    isVariable: true,
  },
  {
    file: (script, weight) =>
      `@fontsource/vazirmatn/files/vazirmatn-${script}-${weight}-normal.woff2`,
    scripts: ['arabic'],
    weights: { regular: 400, bold: 700 },
    isVariable: false,
  },
  {
    file: (script, weight) =>
      `@fontsource/noto-sans-georgian/files/noto-sans-georgian-${script}-${weight}-normal.woff2`,
    scripts: ['georgian'],
    weights: { regular: 400, bold: 700 },
    isVariable: false,
  },
]

/** Of other characters, such as emoji, a box says that something stood there. */
const HAS_TO_BE_READ = /[\p{L}\p{N}]/u
const require = createRequire(import.meta.url)
/** The package brings no types. */
const subsetFont: (
  font: Buffer,
  letters: string,
  options: { targetFormat: 'truetype'; variationAxes?: Record<string, number> },
) => Promise<Buffer> = require('subset-font')

/**
 * Cuts the letters of a document out of the fonts, as TrueType with one weight: neither WOFF2 nor a variable font may
 * be embedded in a PDF.
 *
 * @param letters every text of the document, in any order
 * @throws MissingLettersError
 */
export async function cutFonts(keeper: FontKeeper, letters: string): Promise<Fonts> {
  const wanted = [...new Set(letters)].join('')
  const cut = async (weight: Weight): Promise<Font[]> => {
    const fonts: Font[] = []
    for (const { file, scripts, weights, isVariable } of FAMILIES) {
      for (const script of scripts) {
        const bytes = await readFile(require.resolve(file(script, weights[weight])))
        const subset = await subsetFont(bytes, wanted, {
          targetFormat: 'truetype',
          ...(isVariable ? { variationAxes: { wght: weights[weight] } } : {}),
        })
        const name = `${fonts.length}-${weight}`
        keeper.registerFont(name, subset)
        fonts.push({ name, has: (character) => keeper.hasGlyph(name, character.codePointAt(0)!) })
      }
    }
    return fonts
  }
  const fonts = { regular: await cut('regular'), bold: await cut('bold') }
  refuseMissing(fonts, wanted)
  return fonts
}

/** The font of a character; where none has it the first, which draws a box. */
export function fontOf(fonts: readonly Font[], character: string): Font {
  return fonts.find((font) => font.has(character)) ?? fonts[0]!
}

function refuseMissing({ regular }: Fonts, letters: string): void {
  const missing = [...letters].filter(
    (letter) => HAS_TO_BE_READ.test(letter) && !regular.some((font) => font.has(letter)),
  )
  if (missing.length === 0) return
  const named = missing.slice(0, 10).map((letter) => `${letter} (U+${codeOf(letter)})`)
  throw new MissingLettersError(
    `no font of this program has ${named.join(', ')}: a PDF can be made of texts in Latin, Cyrillic, Greek, Arabic and Georgian letters`,
  )
}

const codeOf = (letter: string) =>
  letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
