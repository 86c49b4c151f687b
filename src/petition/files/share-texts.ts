import type { SettingsInput } from './petition-files.schema.ts'
import { type Fields, faultIn } from './read-source.ts'
import { type Channel, EVERYWHERE } from './share-fields.ts'

/**
 * Of a post without its link. X takes 280, of which a link is 23 whatever its length, and a space; Bluesky takes 300,
 * Mastodon and Threads 500, each with the whole link.
 */
const LIMITS: ReadonlyMap<Channel, number> = new Map([
  ['x', 256],
  ['bluesky', 220],
  ['mastodon', 420],
  ['threads', 420],
])

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
const PICTURE = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u
/** What X counts as one: Latin, Greek, Cyrillic, Arabic, Georgian and others; all else counts as two (twitter-text 3). */
const SINGLE: readonly (readonly [number, number])[] = [
  [0, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
]

/** The length of a text as the channel counts it. */
export function lengthFor(channel: Channel, text: string): number {
  const all = [...graphemes.segment(text.normalize('NFC'))].map(({ segment }) => segment)
  if (channel !== 'x') return all.length
  return all.reduce((sum, each) => sum + (PICTURE.test(each) ? 2 : weigh(each)), 0)
}

const weigh = (grapheme: string) =>
  [...grapheme].reduce((sum, letter) => sum + (isSingle(letter.codePointAt(0)!) ? 1 : 2), 0)

const isSingle = (code: number) => SINGLE.some(([first, last]) => code >= first && code <= last)

/** @throws PetitionFilesError for a text that a channel would cut off, or in a language that the petition lacks */
export function checkShareTexts(fields: Fields<SettingsInput>): void {
  const { share = {}, languages } = fields.value
  for (const [language, texts] of Object.entries(share)) {
    if (!languages.includes(language)) {
      throw faultIn(fields, ['share', language], `share has "${language}", which languages lacks`)
    }
    for (const [channel, most] of LIMITS) {
      const field = texts[channel] === undefined ? EVERYWHERE : channel
      const length = lengthFor(channel, texts[field] ?? '')
      if (length <= most) continue
      const advice = field === channel ? 'shorten it' : `shorten it, or give ${channel} its own`
      throw faultIn(
        fields,
        ['share', language, field],
        `share.${language}.${field} has ${length} characters for ${channel}, which takes ${most} beside the link: ${advice}`,
      )
    }
  }
}
