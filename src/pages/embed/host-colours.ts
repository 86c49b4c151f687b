import { type Accent, accents } from '../../petition/files/petition-files.schema.ts'
import { keepContrast, luminance, mix } from './contrast.ts'

interface Palette {
  paper: string
  field: string
  ink: string
  soft: string
  rule: string
  hair: string
  error: string
}

/** As src/browser/styles/tokens.css and dark.css have them. */
export const PALETTES: Record<'light' | 'dark', Palette & Record<Accent, string>> = {
  light: {
    paper: '#fbfbf8',
    field: '#ffffff',
    ink: '#171a21',
    soft: '#4d525c',
    rule: '#767a83',
    hair: '#d8d8d2',
    error: '#a8201a',
    garnet: '#8d1c31',
    sea: '#0a5877',
    pine: '#1c5b3a',
    plum: '#6d2c72',
    ochre: '#7a4f00',
  },
  dark: {
    paper: '#13151a',
    field: '#1b1e25',
    ink: '#ecebe5',
    soft: '#b3b5b8',
    rule: '#80848d',
    hair: '#363941',
    error: '#ff9c92',
    garnet: '#f296a0',
    sea: '#7cc5e6',
    pine: '#86cda5',
    plum: '#dba4df',
    ochre: '#e3b45e',
  },
}

/** WCAG 2.2: of text 4.5:1; of borders that show where a field is 3:1. */
const TEXT = 4.5
const BORDER = 3

const SHEET = /^([a-z]+)-(light|dark)-([0-9a-f]{6}|x)-([0-9a-f]{6}|x)-([0-9a-f]{6}|x)\.css$/

/**
 * The style sheet of a name such as `garnet-light-0a5877-x-x.css`: the petition's accent, the theme, and the host's
 * accent, paper and ink. A colour that would be read with difficulty is moved towards black or white until it isn't.
 *
 * @returns null when that is no such name
 */
export function writeColours(name: string): string | null {
  const found = SHEET.exec(name)
  const accentName = accents.find((name) => name === found?.[1])
  if (!found || !accentName) return null
  const theme = found[2] as 'light' | 'dark'
  const [accent, paper, ink] = found.slice(3).map((hex) => (hex === 'x' ? null : `#${hex}`))
  const own = PALETTES[theme]
  const palette = paper || ink ? choosePalette(own, paper ?? own.paper, ink ?? own.ink) : own
  const shown = keepContrast(accent ?? own[accentName], palette.paper, TEXT)
  const roots = paper || ink ? Object.entries(pick(palette)) : []
  const scheme = paper ? [`color-scheme:${luminance(paper) > 0.18 ? 'light' : 'dark'}`] : []
  const rules = [...scheme, ...roots.map(([part, colour]) => `--${part}:${colour}`)]
  return `:root{${rules.join(';')}}body{--accent:${shown}}\n`
}

function choosePalette(own: Palette, paper: string, givenInk: string): Palette {
  const ink = keepContrast(givenInk, paper, TEXT)
  return {
    paper,
    field: paper,
    ink,
    soft: keepContrast(mix(ink, paper, 0.25), paper, TEXT),
    rule: keepContrast(mix(ink, paper, 0.5), paper, BORDER),
    hair: mix(ink, paper, 0.8),
    error: keepContrast(own.error, paper, TEXT),
  }
}

const pick = ({ paper, field, ink, soft, rule, hair, error }: Palette): Palette => ({
  paper,
  field,
  ink,
  soft,
  rule,
  hair,
  error,
})
