import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import type { Picture, PictureSize } from './picture.ts'
import { readPicture } from './read-picture.ts'

/** In CSS pixels times a phone's two or three, up to a wide screen's column with two. */
const WIDTHS = [400, 800, 1200, 1600]
/** What a phone loads: the page's budget has so much for it (docs/performance.md). */
const PHONE = { width: 800, bytes: 16_000 }
/** AVIF's, the first that keeps the phone's file within its budget. */
const QUALITIES = [55, 50, 45, 40, 36, 32, 28, 24, 20]
const WEBP_QUALITY = 74
const JPEG_QUALITY = 76
/** Somebody who publishes waits for it; more gains a twentieth. */
const EFFORT = 3
/** Of SHA-256; the names are of our own making, so that nobody gains by a second one of the same. */
const NAME_DIGITS = 24

export interface EncodedPicture {
  picture: Picture
  files: Map<string, Buffer>
}

/**
 * Makes the files of a picture from its pixels alone: nothing else that the organisers' file holds gets through, be it
 * a place, a camera's number or a script.
 *
 * @param name of the file, for the message
 * @param phone the file that phones load, and its share of the page's budget
 * @throws PictureError when it is no picture that a page can show
 */
export async function encodePicture(
  name: string,
  bytes: Buffer,
  phone = PHONE,
): Promise<EncodedPicture> {
  const { pixels, width, height } = await readPicture(name, bytes)
  const files = new Map<string, Buffer>()
  const keep = (file: Buffer, ending: string) => {
    const digest = createHash('sha256').update(file).digest('hex').slice(0, NAME_DIGITS)
    files.set(`${digest}.${ending}`, file)
    return `${digest}.${ending}`
  }
  const at = (wide: number) => sharp(pixels.data, { raw: pixels.info }).resize({ width: wide })
  const flat = (image: Sharp) => image.flatten({ background: '#fff' })
  const quality = await chooseQuality(at(Math.min(phone.width, width)), phone.bytes)
  const sizes: PictureSize[] = []
  for (const wide of widthsFor(width)) {
    sizes.push({
      width: wide,
      height: Math.round((wide / width) * height),
      avif: keep(await at(wide).avif({ quality, effort: EFFORT }).toBuffer(), 'avif'),
      webp: keep(await at(wide).webp({ quality: WEBP_QUALITY }).toBuffer(), 'webp'),
      jpg: keep(
        await flat(at(wide)).jpeg({ quality: JPEG_QUALITY, mozjpeg: true }).toBuffer(),
        'jpg',
      ),
    })
  }
  return { picture: { sizes }, files }
}

/** None is larger than the file's own. */
function widthsFor(width: number): number[] {
  const smaller = WIDTHS.filter((wide) => wide < width)
  return smaller.length < WIDTHS.length ? [...smaller, width] : smaller
}

async function chooseQuality(image: Sharp, phoneBytes: number): Promise<number> {
  for (const quality of QUALITIES) {
    const { length } = await image.clone().avif({ quality, effort: EFFORT }).toBuffer()
    if (length <= phoneBytes) return quality
  }
  return QUALITIES.at(-1)!
}
