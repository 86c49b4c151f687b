import { QUIET, qrSquares } from '../qr.ts'

/** Of a code for an address. */
const FEWEST_SQUARES = 25

/** Points that have to stay free around a code of that size. */
export const quietZone = (size: number) => (size / FEWEST_SQUARES) * QUIET

/** As one path of squares, sharp at any size. */
export function drawQr(
  document: PDFKit.PDFDocument,
  value: string,
  { x, y, size }: { x: number; y: number; size: number },
): void {
  const { size: squares, isDark } = qrSquares(value)
  const side = size / squares
  for (let row = 0; row < squares; row++) {
    for (let column = 0; column < squares; column++) {
      if (isDark(column, row)) document.rect(x + column * side, y + row * side, side, side)
    }
  }
  document.fill('#000000')
}
