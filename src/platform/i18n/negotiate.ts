import { languages } from './translate.ts'

const MAX_RANGES = 20

/**
 * The best of the offered languages for an Accept-Language header (RFC 9110, section 12.5.4; lookup by
 * primary language), else the first offered. Nobody is taken to read a language that the header doesn't name:
 * to a Ukrainian or a Kazakh, Russian unasked may be worse than what the petition was written in.
 */
export function negotiate(header: string | undefined, offered: string[] = languages): string {
  const wanted = (header ?? '')
    .split(',', MAX_RANGES)
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';')
      const quality = parameters.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find(Boolean)
      return { language: tag.split('-')[0]!, quality: quality ? Number(quality) : 1 }
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ language }) => language)
  return wanted.find((language) => offered.includes(language)) ?? offered[0]!
}
