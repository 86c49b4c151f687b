import Handlebars from 'handlebars'
import sharp from 'sharp'
import { pathOfPublicFile } from '../platform/web/assets.ts'

export interface Drawn {
  /** Null of an empty text. */
  png: Buffer | null
  width: number
  height: number
}

interface Type {
  /** In pixels. */
  size: number
  colour: string
  bold: boolean
  /** At which lines are wrapped. */
  width: number
  direction: 'ltr' | 'rtl'
  /** Else a word that is wider than a line makes the picture wider. */
  cutsWords: boolean
}

/** Made by src/browser/fonts/write-card-fonts.ts. */
export const FONTS = 'cards/fonts.conf'
/** The first that has a letter gives it. */
const FAMILIES = 'Source Serif 4, Vazirmatn, Noto Sans Georgian'
/** At which a point is a pixel. */
const DPI = 72
/** Between lines, as a share of the size; large letters stand closer than their font would have them. */
const LEADING = 0.12
const LINE_HEIGHT_OF_TITLE = 0.93
/** Marks that turn the paragraph without being seen. */
const MARKS = { ltr: '\u200e', rtl: '\u200f' }

/**
 * Text shaped by Pango, which knows the scripts and the order of mixed directions. The picture ends with its ink.
 *
 * @throws AssetsError when `npm run build:browser` has not made the fonts
 */
export async function drawText(text: string, type: Type): Promise<Drawn> {
  if (text.trim() === '') return { png: null, width: 0, height: 0 }
  // Read by fontconfig at the first text of the process: our fonts alone, whatever the machine has.
  process.env.FONTCONFIG_FILE = pathOfPublicFile(FONTS)
  const height = type.bold ? ` line_height="${LINE_HEIGHT_OF_TITLE}"` : ''
  const markup = `<span foreground="${type.colour}"${height}>${MARKS[type.direction]}${escapeMarkup(text)}</span>`
  const { data, info } = await sharp({
    text: {
      text: markup,
      font: `${FAMILIES} ${type.bold ? 'Semi-Bold ' : ''}${Math.round(type.size)}`,
      width: Math.floor(type.width),
      rgba: true,
      dpi: DPI,
      align: 'left',
      wrap: type.cutsWords ? 'word-char' : 'word',
      spacing: type.bold ? 0 : Math.round(type.size * LEADING),
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true })
  return { png: data, width: info.width, height: info.height }
}

const escapeMarkup = Handlebars.Utils.escapeExpression
