import type { Petition } from '../petition/petition.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { ShareLink } from '../sharing/share-links.ts'
import { petitionShareLinks, shareWords } from '../sharing/share-words.ts'
import { sharedAt } from '../sharing/shared-at.ts'

/** Everything by which a petition is passed on, for views/partials/share-kit.hbs. */
export interface ShareKit {
  label: string
  /** Without a query, to be copied and read. */
  url: string
  /** For the device's own sharing: the address with its source, the words, and a picture that it may take. */
  native: { url: string; text: string; card: string }
  links: ShareLink[]
  /** Of Mastodon's post, which is sent to the server that the reader names in the page. */
  mastodon: string
  qr: { svg: string; png: string }
  pictures: { label: string; href: string }[]
  /** A poster, and a sheet with strips to tear off, to print. */
  posters: { poster: string; tearOff: string }
}

const PICTURES: readonly (readonly [label: string, file: string])[] = [
  ['1200 × 630', 'card.png'],
  ['1080 × 1080', 'card-square.png'],
  ['1080 × 1920', 'card-story.png'],
]

/** @param code that the links credit, if any */
export function viewKit(
  publicUrl: string,
  petition: Petition,
  { language, code }: { language: string; code: string | null },
): ShareKit {
  const { slug } = petition
  const url = sharedAt(publicUrl, slug, { language, code })
  const links = petitionShareLinks(petition, language, url)
  const files = `/p/${slug}`
  const credited = `lang=${language}${code ? `&ref=${code}` : ''}`
  const pictures = PICTURES.map(([label, file]) => ({
    label,
    href: `${files}/${file}?lang=${language}`,
  }))
  return {
    label: translator(language)(code ? 'share.personalLink' : 'share.plainLink'),
    url,
    native: {
      url: `${url}?source=share`,
      text: shareWords(petition, language, 'whatsapp'),
      card: pictures[0]!.href,
    },
    links,
    mastodon: links.find(({ network }) => network === 'mastodon')!.copy,
    qr: { svg: `${files}/qr.svg?${credited}`, png: `${files}/qr.png?${credited}` },
    pictures,
    posters: {
      poster: `/${language}${files}/poster.pdf`,
      tearOff: `/${language}${files}/tear-off.pdf`,
    },
  }
}
