import { cardPath, petitionPath } from '../../petition/paths.ts'
import { currentText, formFrames, organiserNames, type Petition } from '../../petition/petition.ts'
import { escapeXml } from '../../platform/escape-xml.ts'
import { commaOf } from '../../platform/i18n/direction.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { type Attribution, attributionQuery } from '../../sharing/attribution.ts'
import { framePath, type Kind, sourceOf } from './frame-look.ts'

/** https://oembed.com, 2.3.4.4, the rich type. */
export interface Oembed {
  version: '1.0'
  type: 'rich'
  title: string
  author_name: string
  author_url?: string
  provider_name: string
  provider_url: string
  cache_age: number
  html: string
  width: number
  height: number
  thumbnail_url?: string
  thumbnail_width?: number
  thumbnail_height?: number
}

/** The largest that the consumer has room for, in pixels. */
export interface Room {
  width: number
  height: number
}

const WIDTH_PX = 640
/** What a page of the frame takes in the language with the longest words, by its least width. */
const HEIGHTS_PX: Record<Kind, [width: number, height: number][]> = {
  form: [
    [560, 1700],
    [360, 2050],
    [0, 2350],
  ],
  counter: [
    [480, 350],
    [0, 425],
  ],
  button: [[0, 72]],
}
const CARD = { width: 1200, height: 630 }
const CACHE_SECONDS = 3600

/**
 * A frame as plain HTML: consumers take scripts out. Before it a link in a quotation, which readers get where the frame
 * is not shown: of all that stands beside a frame, WordPress leaves this alone, in this order.
 */
export function viewOembed(
  publicUrl: string,
  petition: Petition,
  {
    language,
    attribution,
    room,
    cardVersion,
  }: { language: string; attribution: Attribution; room: Room; cardVersion: string },
): Oembed {
  const { slug, settings } = petition
  const { title } = currentText(petition, language).content
  const width = Math.min(WIDTH_PX, room.width)
  const kind = chooseKind(petition, width, room.height)
  const height = Math.min(heightOf(kind, width), room.height)
  const look = { language, kind, theme: 'auto', colours: '', ...attribution } as const
  const src = `${publicUrl}${framePath(slug, look)}`
  const credit = attributionQuery({ ...attribution, source: sourceOf(attribution) })
  const link = `${publicUrl}${petitionPath(slug)(language)}${credit}`
  const { url } = settings.organisers[0]!
  const fits = room.width >= CARD.width && room.height >= CARD.height
  return {
    version: '1.0',
    type: 'rich',
    title,
    author_name: organiserNames(petition, language).join(commaOf(language)),
    ...(url && { author_url: url }),
    provider_name: translator(language)('site.name'),
    provider_url: `${publicUrl}/`,
    cache_age: CACHE_SECONDS,
    html:
      `<blockquote><a href="${escapeXml(link)}">${escapeXml(title)}</a></blockquote>` +
      `<iframe src="${escapeXml(src)}" title="${escapeXml(title)}" width="${width}" height="${height}"` +
      ` frameborder="0" referrerpolicy="no-referrer"></iframe>`,
    width,
    height,
    ...(fits && {
      thumbnail_url: `${publicUrl}${cardPath(slug, language, cardVersion)}`,
      thumbnail_width: CARD.width,
      thumbnail_height: CARD.height,
    }),
  }
}

/** A form in half of its room would scroll within the page. */
function chooseKind(petition: Petition, width: number, height: number): Kind {
  if (height >= heightOf('form', width) && formFrames(petition) !== null) return 'form'
  return height >= heightOf('counter', width) ? 'counter' : 'button'
}

const heightOf = (kind: Kind, width: number) =>
  HEIGHTS_PX[kind].find(([least]) => width >= least)![1]

/** As XML, 2.3.4. */
export function writeOembedXml(oembed: Oembed): string {
  const fields = Object.entries(oembed)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('')
  return `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>${fields}</oembed>\n`
}
