import { crc32, deflateSync } from 'node:zlib'
import QRCode from 'qrcode'

/** Squares that have to stay light around it, by ISO 18004. */
export const QUIET = 4
/** Pixels of a square: a poster of half a metre still has sharp edges. A multiple of eight, so that squares end with bytes. */
const SIDE = 24
const BYTES = SIDE / 8
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const NO_FILTER = 0

export interface QrSquares {
  /** In a row, without the light ones around. */
  size: number
  isDark(column: number, row: number): boolean
}

/** Level M: a fifteenth of it may be dirty. */
export function qrSquares(value: string): QrSquares {
  const { modules } = QRCode.create(value, { errorCorrectionLevel: 'M' })
  const { size, data } = modules
  return { size, isDark: (column, row) => data[row * size + column] === 1 }
}

/** Black on white, whatever the page around it has. */
export function qrSvg(value: string): string {
  const { size, isDark } = qrSquares(value)
  const whole = size + 2 * QUIET
  let path = ''
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (!isDark(column, row)) continue
      let width = 1
      while (column + width < size && isDark(column + width, row)) width++
      path += `M${column + QUIET} ${row + QUIET}h${width}v1h-${width}z`
      column += width
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${whole}v${whole}H0z"/><path d="${path}"/></svg>`
}

/**
 * The same as a PNG. Written here, a bit for each pixel: anybody can ask for any number of them, and an encoder of
 * pictures works fifty times longer for each, in threads that the rest of the process needs.
 */
export function qrPng(value: string): Buffer {
  const { size, isDark } = qrSquares(value)
  const side = (size + 2 * QUIET) * SIDE
  const lines: Buffer[] = []
  for (let row = -QUIET; row < size + QUIET; row++) {
    const line = Buffer.alloc(1 + side / 8, 0xff)
    line[0] = NO_FILTER
    for (let column = 0; column < size; column++) {
      const at = 1 + (column + QUIET) * BYTES
      if (row >= 0 && row < size && isDark(column, row)) line.fill(0, at, at + BYTES)
    }
    for (let time = 0; time < SIDE; time++) lines.push(line)
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = 1
  return Buffer.concat([
    PNG,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** ISO 15948, section 5.3. */
function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, sum])
}
