import type { Accent } from '../petition/files/petition-files.schema.ts'

/** As src/browser/styles/tokens.css has them on paper. */
const COLOURS: Record<Accent, string> = {
  garnet: '#8d1c31',
  sea: '#0a5877',
  pine: '#1c5b3a',
  plum: '#6d2c72',
  ochre: '#7a4f00',
}

/** @param accent of a petition's settings */
export const accentOf = (accent: string): string =>
  new Map(Object.entries(COLOURS)).get(accent) ?? COLOURS.garnet

/** As the same file has them on a dark ground. */
const ON_DARK: Record<Accent, string> = {
  garnet: '#f296a0',
  sea: '#7cc5e6',
  pine: '#86cda5',
  plum: '#dba4df',
  ochre: '#e3b45e',
}

export const accentOnDark = (accent: string): string =>
  new Map(Object.entries(ON_DARK)).get(accent) ?? ON_DARK.garnet
