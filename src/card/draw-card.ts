import sharp, { type OverlayOptions } from 'sharp'
import { type Drawn, drawText } from './draw-text.ts'
import { type Box, SHAPES, type Shape, type ShapeName } from './shapes.ts'

/** All texts are ready to show. */
export interface CardContent {
  slogan: string
  organisers: string
  /** For example `12,000+`; null where nobody has signed yet. */
  figure: string | null
  /** Beside the figure, or instead of it. */
  label: string
  /** Where one signs: the site's host. */
  host: string
  direction: 'ltr' | 'rtl'
  /** `#rrggbb` */
  accent: string
  /** A picture's bytes, of any size; null for a card of text alone. */
  picture: Buffer | null
}

// No card is drawn twice: what libvips would keep of one is of no use for the next. One core is enough for one card.
sharp.cache(false)
sharp.concurrency(1)

const PAPER = '#fbfbf8'
const INK = '#171a21'
const SOFT = '#4d525c'
const RULE = 3
/** Of the size of its letters: two lines are 2.5 high in Latin letters and 2.9 in Persian ones, three are 3.8 at least. */
const ORGANISERS_HEIGHT = 3.3
/** Of the line's height. */
const CROSS = 26

/**
 * Draws a card as a PNG, outside of the event loop: libvips and Pango work in a thread of libuv's. Some 150 ms.
 *
 * @throws when the picture can't be read
 */
export async function drawCard(name: ShapeName, content: CardContent): Promise<Buffer> {
  const shape: Shape = SHAPES[name]
  const sheet = openSheet(shape, content)
  if (content.picture) sheet.put(await fitPicture(content.picture, shape.picture))
  await drawHead(sheet, content, await drawFoot(sheet, content))
  const { width, height } = shape
  return sharp({ create: { width, height, channels: 3, background: PAPER } })
    .composite(sheet.layers)
    .png(name === 'story' && content.picture ? AS_IT_IS : fewColours(content))
    .toBuffer()
}

type Sheet = ReturnType<typeof openSheet>

/** Where layers are put as if all texts ran from left to right. */
function openSheet(shape: Shape, { direction, picture }: CardContent) {
  const layers: OverlayOptions[] = []
  const put = ({ input, box }: { input: Buffer; box: Box }) => {
    const left = direction === 'rtl' ? shape.width - box.left - box.width : box.left
    layers.push({ input, top: Math.round(box.top), left: Math.round(left) })
  }
  return {
    shape,
    area: picture ? shape.text.beside : shape.text.alone,
    layers,
    put,
    putText({ png, width, height }: Drawn, left: number, top: number) {
      if (png) put({ input: png, box: { left, top, width, height } })
    },
    write: (text: string, type: { size: number; colour: string; bold?: boolean; width: number }) =>
      drawText(text, { bold: false, ...type, direction, cutsWords: true }),
  }
}

/** The count on the line to sign on, and the host. @returns where they begin */
async function drawFoot(sheet: Sheet, content: CardContent): Promise<number> {
  const { area, shape } = sheet
  const { left, width } = area
  const bottom = area.top + area.height
  const host = await sheet.write(content.host, { size: shape.small, colour: SOFT, width })
  sheet.putText(host, left, bottom - host.height)
  const rule = bottom - shape.small * 2
  sheet.put(drawRule({ ...area, top: rule }, content.direction))

  const stand = rule - shape.small
  const begin = left + CROSS + shape.small
  const figure = await sheet.write(content.figure ?? '', {
    ...{ size: shape.figure, colour: content.accent, bold: true, width },
  })
  sheet.putText(figure, begin, stand - figure.height)
  const end = begin + (figure.png ? figure.width + shape.small * 0.7 : 0)
  const label = await sheet.write(content.label, {
    ...{ size: shape.small * 1.25, colour: INK, width: left + width - end },
  })
  sheet.putText(label, end, stand - label.height)
  return stand - Math.max(figure.height, label.height)
}

/** Organisers and slogan. */
async function drawHead(sheet: Sheet, content: CardContent, foot: number): Promise<void> {
  const { area, shape } = sheet
  const { left, width } = area
  const most = shape.small * ORGANISERS_HEIGHT
  const organisers = await shorten(content.organisers, most, (text) =>
    sheet.write(text, { size: shape.small, colour: SOFT, width }),
  )
  sheet.putText(organisers, left, area.top)
  const top = area.top + organisers.height + shape.small * 1.3
  const height = foot - shape.small * 1.5 - top
  sheet.putText(await fitSlogan(content, shape, { ...area, top, height }), left, top)
}

/** A story is saved and posted, and may be large: choosing colours for its picture would take half of the time. */
const AS_IT_IS = { compressionLevel: 6 }
/** Messengers show no preview of more than some hundred kilobytes. */
const fewColours = ({ picture }: CardContent) =>
  ({ palette: true, quality: 90, effort: 3, dither: picture ? 1 : 0 }) as const

/** What is served where no card can be drawn. */
export const drawEmptyCard = (name: ShapeName): Promise<Buffer> =>
  drawCard(name, {
    ...{ slogan: 'Undersigned', organisers: '', figure: null, label: '', host: '' },
    ...{ direction: 'ltr', accent: INK, picture: null },
  })

async function fitPicture(picture: Buffer, box: Box) {
  const { width, height } = box
  const input = await sharp(picture)
    .resize({ width, height, fit: 'cover', position: 'attention' })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return { input, box }
}

/** The largest whose lines fit without cutting a word; the smallest cuts words where it must. */
async function fitSlogan(content: CardContent, { sloganSizes }: Shape, box: Box): Promise<Drawn> {
  const { slogan, direction } = content
  const draw = (size: number, cutsWords: boolean, text = slogan) =>
    drawText(text, { size, colour: INK, bold: true, width: box.width, direction, cutsWords })
  for (const size of sloganSizes) {
    const drawn = await draw(size, false)
    if (drawn.height <= box.height && drawn.width <= box.width) return drawn
  }
  return shorten(slogan, box.height, (text) => draw(sloganSizes.at(-1)!, true, text))
}

/** As much of the text as is no higher than that. */
async function shorten(
  text: string,
  height: number,
  draw: (text: string) => Promise<Drawn>,
): Promise<Drawn> {
  let drawn = await draw(text)
  let letters = [...text]
  while (drawn.height > height && letters.length > 1) {
    const fits = Math.floor((letters.length * height) / drawn.height)
    letters = letters.slice(0, Math.min(fits, letters.length - 1))
    drawn = await draw(`${letters.join('').trimEnd()}…`)
  }
  return drawn
}

/** The line to sign on, with its cross. */
function drawRule({ left, top, width }: Box, direction: CardContent['direction']) {
  const height = CROSS + 12
  const at = direction === 'rtl' ? width - CROSS : 2
  const arm = CROSS - 6
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<path d="M0 ${height - RULE / 2}H${width}M${at} 6l${arm} ${arm}m0-${arm}l-${arm} ${arm}" stroke="${INK}" stroke-width="${RULE}" fill="none"/></svg>`
  return { input: Buffer.from(svg), box: { left, top: top - height, width, height } }
}
