import type { QrBlock, StripsBlock } from './blocks.ts'
import { drawQr, quietZone } from './draw-qr.ts'
import { heightOf, MARGIN, PAGE, type Sheet, spoken, TEXT_WIDTH, type TextStyle } from './sheet.ts'

const CALL: TextStyle = { size: 20, weight: 'bold' }
const ADDRESS: TextStyle = { size: 13 }

const STRIPS = 9
const STRIP = { height: 230, text: { size: 8.5, leading: 1.25 }, square: 42, padding: 5 }
const MOST_LINES = 2

/** A square in the middle of the page, with a call and the address below it. */
export function drawLargeQr(
  sheet: Sheet,
  { value, alt, texts, points }: QrBlock & { points: number },
): void {
  const quiet = quietZone(points)
  sheet.keepTogether(points + 2 * quiet + texts.length * heightOf(CALL))
  sheet.skip(quiet)
  const x = (PAGE.width - points) / 2
  const top = sheet.y
  const box = [x, top, x + points, top + points]
  sheet
    .add(sheet.part, 'Figure', { alt, bbox: box }, () =>
      drawQr(sheet.document, value, { x, y: top, size: points }),
    )
    .end()
  sheet.moveTo(top + points + quiet)
  texts.forEach((text, nth) => {
    const style = nth === 0 ? CALL : ADDRESS
    sheet
      .add(sheet.part, 'P', spoken(sheet, text), () => {
        for (const line of sheet.wrap(text, style)) {
          sheet.drawLineAt(line, style, (PAGE.width - line.width) / 2, sheet.y + style.size)
          sheet.skip(heightOf(style))
        }
      })
      .end()
  })
  sheet.skip(10)
}

/** Strips as high as the foot of the page, from edge to edge of its text, with lines to cut along. */
export function drawStrips(sheet: Sheet, { value, texts }: StripsBlock): void {
  sheet.keepTogether(STRIP.height - MARGIN)
  const top = PAGE.height - STRIP.height
  const width = TEXT_WIDTH / STRIPS
  // Each says the same, and the page has said it above: to programs that read aloud they are decoration.
  sheet.document.markContent('Artifact', { type: 'Layout' })
  sheet.document.save().lineWidth(0.5).dash(3, { space: 3 }).strokeColor('#777777')
  sheet.document
    .moveTo(MARGIN, top)
    .lineTo(MARGIN + TEXT_WIDTH, top)
    .stroke()
  for (let strip = 0; strip <= STRIPS; strip++) {
    const x = MARGIN + strip * width
    sheet.document.moveTo(x, top).lineTo(x, PAGE.height).stroke()
  }
  sheet.document.restore()
  for (let strip = 0; strip < STRIPS; strip++) {
    drawStrip(sheet, { value, texts }, { x: MARGIN + strip * width, top, width })
  }
  sheet.document.endMarkedContent()
}

function drawStrip(
  sheet: Sheet,
  { value, texts }: Omit<StripsBlock, 'kind'>,
  { x, top, width }: { x: number; top: number; width: number },
): void {
  const { text: style, square, padding, height } = STRIP
  const { document } = sheet
  drawQr(document, value, { x: x + (width - square) / 2, y: top + padding + 4, size: square })
  // Turned to the left: along the strip from its foot upwards. Both lines are as long as the strip below the square.
  const long = height - square - 4 * padding - 18
  document.save()
  document.translate(x, PAGE.height - 18).rotate(-90)
  const lines = texts.flatMap((text, nth) => {
    const weight = nth === 0 ? ('bold' as const) : ('regular' as const)
    const wrapped = sheet.wrap(text, { ...style, weight }, long)
    return shorten(sheet, text, wrapped, { ...style, weight }, long)
  })
  const block = lines.length * heightOf(style)
  lines.forEach((line, nth) => {
    const baseline = (width - block) / 2 + nth * heightOf(style) + style.size
    const from = sheet.direction === 'rtl' ? long - line.width : 0
    sheet.drawLineAt(line, style, from, baseline)
  })
  document.restore()
}

/** A strip is narrow: two lines of a text at most, the second with dots where there were more. */
function shorten(
  sheet: Sheet,
  text: string,
  lines: ReturnType<Sheet['wrap']>,
  style: TextStyle,
  width: number,
): ReturnType<Sheet['wrap']> {
  let words = text.split(' ')
  let found = lines
  while (found.length > MOST_LINES && words.length > 1) {
    words = words.slice(0, -1)
    found = sheet.wrap(`${words.join(' ')}…`, style, width)
  }
  return found
}
