import { checkNatural, isNatural, MalformedError } from '../canonical.ts'
import { type BundleCoordinates, TILE_WIDTH, type TileCoordinates } from './tile.ts'

const MAX_LEVEL = 63
/** Three digits a folder, so that no folder holds more than a few thousand files. */
const DIGITS = 3
const PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

type ParsedPath = ({ kind: 'tile' } & TileCoordinates) | ({ kind: 'entries' } & BundleCoordinates)

/** `tile/<L>/<N>[.p/<W>]` (c2sp.org/tlog-tiles), without a slash in front. */
export function tilePath(tile: TileCoordinates): string {
  if (!isNatural(tile.level) || tile.level > MAX_LEVEL) {
    throw new RangeError(`no tile has level ${tile.level}`)
  }
  return `tile/${tile.level}/${numberPath(tile)}`
}

/** `tile/entries/<N>[.p/<W>]` */
export function bundlePath(bundle: BundleCoordinates): string {
  return `tile/entries/${numberPath(bundle)}`
}

/** Reads the one spelling of a path. @throws MalformedError */
export function parsePath(path: string): ParsedPath {
  const match = PATH.exec(path)
  if (!match) throw new MalformedError('tile path', 'not tile/<level>/<number>[.p/<width>]')
  const [, level, number, partial] = match
  const tile = {
    n: Number(number!.replace(/[x/]/g, '')),
    width: partial ? Number(partial) : TILE_WIDTH,
  }
  const parsed: ParsedPath =
    level === 'entries'
      ? { kind: 'entries', ...tile }
      : { kind: 'tile', level: Number(level), ...tile }
  if (!isInRange(parsed) || spell(parsed) !== path) {
    throw new MalformedError('tile path', 'out of range, or not the canonical spelling')
  }
  return parsed
}

function isInRange(tile: ParsedPath): boolean {
  return (
    (tile.kind === 'entries' || tile.level <= MAX_LEVEL) &&
    isNatural(tile.n) &&
    tile.width <= TILE_WIDTH
  )
}

function spell(tile: ParsedPath): string {
  return tile.kind === 'entries' ? bundlePath(tile) : tilePath(tile)
}

/** 1234067 is `x001/x234/067`. */
function numberPath({ n, width }: BundleCoordinates): string {
  if (!isNatural(width) || width < 1 || width > TILE_WIDTH) {
    throw new RangeError(`no tile is ${width} wide`)
  }
  const digits = String(checkNatural(n))
  const padded = digits.padStart(Math.ceil(digits.length / DIGITS) * DIGITS, '0')
  const folders = padded.slice(0, -DIGITS).replace(/\d{3}/g, 'x$&/')
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`
  return `${folders}${padded.slice(-DIGITS)}${suffix}`
}
