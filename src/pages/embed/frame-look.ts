import { negotiate } from '../../platform/i18n/translate.ts'
import type { Query } from '../../platform/web/read-query.ts'
import { type Attribution, readAttributionQuery } from '../../sharing/attribution.ts'

export const KINDS = ['form', 'counter', 'button'] as const
export type Kind = (typeof KINDS)[number]
/** `auto` follows the reader's system. */
const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** What the address of a frame asks for; anything malformed counts as absent. */
export interface FrameLook extends Attribution {
  language: string
  kind: Kind
  theme: Theme
  /** The host's accent, paper and ink as six hexadecimal digits, `x` for one not given; empty where it gives none. */
  colours: string
}

const COLOURS = /^(?:[0-9a-f]{6}|x)(?:-(?:[0-9a-f]{6}|x)){2}$/
const NO_COLOURS = 'x-x-x'
const COLOUR = /^#?([0-9a-f]{6})$/

/** @param offered the petition's languages, the first of them where the reader has no better one */
export function readLook(
  query: Query,
  offered: string[],
  acceptLanguage: string | undefined,
): FrameLook {
  const language = askedLanguage(query, offered) ?? negotiate(acceptLanguage, offered)
  return {
    language,
    kind: oneOf(KINDS, query.kind),
    theme: oneOf(THEMES, query.theme),
    colours: readColours(query),
    ...readAttributionQuery(query),
  }
}

/** The language that the address names, if the petition has it. */
export const askedLanguage = ({ lang }: Query, offered: string[]): string | undefined =>
  offered.find((language) => language === lang)

/** Where neither a partner nor a place is named, frames are a place of their own. */
export const sourceOf = ({ ref, source }: Attribution): string => source || (ref ? '' : 'embed')

/** A frame's address keeps its look from page to page. */
export function framePath(slug: string, look: FrameLook, below = ''): string {
  const query = new URLSearchParams({ lang: look.language, kind: look.kind, theme: look.theme })
  for (const name of ['colours', 'ref', 'source'] as const) {
    if (look[name]) query.set(name, look[name])
  }
  return `/embed/${slug}${below}?${query}`
}

function readColours({ colours, accent, paper, ink }: Query): string {
  const given =
    typeof colours === 'string' && COLOURS.test(colours)
      ? colours
      : [accent, paper, ink].map(readColour).join('-')
  return given === NO_COLOURS ? '' : given
}

const readColour = (value: unknown): string =>
  (typeof value === 'string' && COLOUR.exec(value.toLowerCase())?.[1]) || 'x'

const oneOf = <Name extends string>(names: readonly [Name, ...Name[]], asked: unknown): Name =>
  names.find((name) => name === asked) ?? names[0]
