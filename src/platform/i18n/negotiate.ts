import { languages } from './translate.ts'

/** Whoever reads the first is likelier to read the second than English. */
const KIN = new Map([
  ['be', 'ru'],
  ['uk', 'ru'],
  ['kk', 'ru'],
  ['ky', 'ru'],
  ['tt', 'ru'],
])
const MAX_RANGES = 20

/**
 * The best of the offered languages for an Accept-Language header (RFC 9110, section 12.5.4; lookup by
 * primary language). Falls back to a kindred language, then to the first offered.
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
  return (
    wanted.find((language) => offered.includes(language)) ??
    wanted.map((language) => KIN.get(language)).find((kin) => kin && offered.includes(kin)) ??
    offered[0]!
  )
}
