import type { Cards } from '../card/cards.ts'
import type { ShapeName } from '../card/shapes.ts'
import type { Petition } from '../petition/petition.ts'
import { writeZip, type ZipFile } from '../platform/files/write-zip.ts'
import { qrPng, qrSvg } from '../platform/qr.ts'
import { petitionShareLinks } from '../sharing/share-words.ts'
import { sharedAt } from '../sharing/shared-at.ts'
import { writeBadge } from './write-badge.ts'
import { posterOf, writePoster } from './write-poster.ts'

export interface KitOptions {
  cards: Pick<Cards, 'find'>
  /** Of the petition's. */
  languages: readonly string[]
  /** A partner's code that every link credits; null for none. */
  code: string | null
}

interface Wanted extends KitOptions {
  petition: Petition
  made: Date
  site: string
}

const CARDS: readonly (readonly [ShapeName, string])[] = [
  ['card', 'card.png'],
  ['square', 'card-square.png'],
  ['story', 'card-story.png'],
]

/** All that a campaign passes on, a folder for each language. @throws MissingLettersError */
export function makeKit(wanted: Wanted): AsyncGenerator<Uint8Array> {
  return writeZip(listFiles(wanted), { made: wanted.made })
}

/** A message for every channel, with its link. */
export function writeMessages(
  { petition, site, code }: Pick<Wanted, 'petition' | 'site' | 'code'>,
  language: string,
): string {
  const url = sharedAt(site, petition.slug, { language, code })
  const links = petitionShareLinks(petition, language, url)
  return links.map(({ label, copy }) => `${label}\n${copy}\n`).join('\n')
}

async function* listFiles(wanted: Wanted): AsyncGenerator<ZipFile> {
  const { petition, languages, code, site, made, cards } = wanted
  for (const language of languages) {
    const url = sharedAt(site, petition.slug, { language, code })
    const content = posterOf(petition, { language, url })
    const stored = (name: string, content: Uint8Array): ZipFile => ({
      path: `${language}/${name}`,
      content: [content],
      isStored: true,
    })
    yield { path: `${language}/messages.txt`, content: [writeMessages(wanted, language)] }
    yield {
      path: `${language}/badge.txt`,
      content: [writeBadge(petition, { site, url, language })],
    }
    for (const kind of ['poster', 'tear-off'] as const) {
      yield stored(`${kind}.pdf`, await writePoster(kind, content, made))
    }
    yield { path: `${language}/qr.svg`, content: [qrSvg(`${url}?source=qr`)] }
    yield stored('qr.png', qrPng(`${url}?source=qr`))
    for (const [shape, name] of CARDS) {
      yield stored(name, (await cards.find(petition, language, shape)).png)
    }
  }
}
