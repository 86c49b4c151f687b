import sharp from 'sharp'
import { ExpectedError } from '../platform/expected-error.ts'

/** A file that is no picture for a page: the message names it, the fault and the remedy, on one line. */
export class PictureError extends ExpectedError {}

const DAMAGED = 'is damaged or cut off: export it anew'
const FORMATS = ['jpeg', 'png', 'webp']
const MAX_BYTES = 15_000_000
const MAX_MEGAPIXELS = 50
const DECODING_SECONDS = 30
/** Wider than any file that is made of it. */
const WIDEST = 1600

/** As a page can show it: neither a tower nor a ribbon. */
const MOST_TIMES_AS_HIGH = 3
const MOST_TIMES_AS_WIDE = 6

/** By its first bytes alone libvips chooses the code that reads a file: no other than these three is let in. */
const BEGINNINGS: ((bytes: Buffer) => boolean)[] = [
  (bytes) => bytes.readUIntBE(0, 3) === 0xffd8ff,
  (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n',
  (bytes) =>
    bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
]
/** The longest end of an archive, where programs look for its table of contents. */
const ARCHIVE_END_BYTES = 65_557
/** What makes a file something else, too, for a program that looks for it. */
const OTHER_FORMATS: [string, (text: string) => boolean][] = [
  ['a PDF', (text) => text.includes('%PDF-')],
  ['an archive', (text) => text.slice(-ARCHIVE_END_BYTES).includes('PK\x05\x06')],
  ['a web page', (text) => /<(?:script|html|!doctype|\?php)/i.test(text)],
]

export interface Pixels {
  pixels: { data: Buffer; info: { width: number; height: number; channels: 1 | 2 | 3 | 4 } }
  width: number
  height: number
}

/**
 * The pixels of a picture, upright, in sRGB, no wider than a page needs.
 * @throws PictureError
 */
export async function readPicture(name: string, bytes: Buffer): Promise<Pixels> {
  const fail = (fault: string) => new PictureError(`${name}: ${fault}`)
  if (bytes.length > MAX_BYTES) {
    throw fail(
      `has ${Math.ceil(bytes.length / 1e6)} MB, more than ${MAX_BYTES / 1e6}: save it smaller`,
    )
  }
  const options = { limitInputPixels: MAX_MEGAPIXELS * 1e6, failOn: 'warning' as const }
  const isKnown = bytes.length > 12 && BEGINNINGS.some((begins) => begins(bytes))
  if (!isKnown) throw fail('is no JPEG, PNG or WebP: save it as one of these')
  const head = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => null)
  if (!head || !FORMATS.includes(head.format)) throw fail(DAMAGED)
  const { width: wide, height: high, pages = 1 } = head
  if (wide * high > MAX_MEGAPIXELS * 1e6) {
    throw fail(`has ${wide} × ${high} pixels, more than ${MAX_MEGAPIXELS} million: save it smaller`)
  }
  if (high > wide * MOST_TIMES_AS_HIGH || wide > high * MOST_TIMES_AS_WIDE) {
    throw fail(`has ${wide} × ${high} pixels, too narrow for a page: cut it to a picture's shape`)
  }
  if (pages > 1) throw fail('moves: save one of its frames')
  const text = bytes.toString('latin1')
  const other = OTHER_FORMATS.find(([, isFound]) => isFound(text))
  if (other) {
    throw fail(
      `is ${other[0]} as well as a picture: open it with a picture program and save it anew`,
    )
  }
  const { data, info } = await sharp(bytes, options)
    .autoOrient()
    .timeout({ seconds: DECODING_SECONDS })
    .toColourspace('srgb')
    .resize({ width: WIDEST, withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw fail(DAMAGED)
    })
  const { width, height } = info
  return { pixels: { data, info: { width, height, channels: info.channels as 3 } }, width, height }
}
