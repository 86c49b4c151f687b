import type { Delivery } from '../../petition/delivery.ts'
import type { PetitionContent } from '../../petition/files/petition-text.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Picture, PictureSize } from '../../picture/picture.ts'

/** What views/partials/picture.hbs shows: a browser takes the first format that it knows, in the width that it needs. */
export interface PictureView {
  alt: string
  /** Below the fold it is loaded once the reader comes near. */
  lazy: boolean
  sources: { type: string; media: string | null; srcset: string; sizes: string }[]
  src: string
  width: number
  height: number
}

/**
 * As src/picture/ promises: no phone loads a wider one, however fine its screen is. The column's width is that of
 * src/browser/styles/.
 */
const OPENING = { column: '38rem', phoneWidest: 800 }
/** A second one, in the column beside it. */
const DELIVERED = { column: '25rem', phoneWidest: 400 }
const PHONE = '(max-width: 40rem)'
const FORMATS = [
  ['image/avif', 'avif'],
  ['image/webp', 'webp'],
  ['image/jpeg', 'jpg'],
] as const

export interface PicturesOfPage {
  /** Beside the slogan; null without. */
  image: PictureView | null
  /** By the name that the text has. */
  inText: ReadonlyMap<string, Picture>
  /** Of the handing over; null without. */
  delivered: PictureView | null
}

export interface PictureNeeds {
  pictures: { find(petitionId: number, source: string): Promise<Picture | null> }
}

/** What is not there is not shown: a replaced text may name what a restored database no longer has. */
export async function gatherPictures(
  { pictures }: PictureNeeds,
  { id, settings, delivery }: Petition,
  content: PetitionContent,
  language: string,
): Promise<PicturesOfPage> {
  const inText = new Map<string, Picture>()
  for (const [name, source] of Object.entries(content.pictures ?? {})) {
    const picture = await pictures.find(id, source)
    if (picture) inText.set(name, picture)
  }
  const { image } = settings
  const shown = image ? await pictures.find(id, image.source) : null
  const alt = image?.alt[language] ?? ''
  const handed = delivery?.picture && (await pictures.find(id, delivery.picture.source))
  return {
    image: shown && viewPicture(shown, { alt, lazy: false }),
    inText,
    delivered: handed
      ? viewPicture(
          handed,
          { alt: inLanguage(delivery, settings, language), lazy: true },
          DELIVERED,
        )
      : null,
  }
}

/** A language that was added since has no words for it. */
const inLanguage = (
  { picture }: Delivery,
  { languages }: Petition['settings'],
  language: string,
): string => picture!.alt[language] ?? picture!.alt[languages[0]!] ?? ''

export function viewPicture(
  { sizes }: Picture,
  { alt, lazy }: Pick<PictureView, 'alt' | 'lazy'>,
  { column, phoneWidest } = OPENING,
): PictureView {
  const forPhones = sizes.filter(({ width }) => width <= phoneWidest)
  const forAll = sizes.map(({ width }) => width)
  const narrow = forPhones.length > 0 ? forPhones : sizes.slice(0, 1)
  const { width, height, jpg } = narrow.at(-1)!
  const write = (of: PictureSize[], format: (typeof FORMATS)[number][1]) =>
    of.map((size) => `${pathOf(size[format])} ${size.width}w`).join(', ')
  const sources = FORMATS.flatMap(([type, format]) => [
    { type, media: PHONE, srcset: write(narrow, format), sizes: '100vw' },
    ...(forAll.length > narrow.length
      ? [
          {
            type,
            media: null,
            srcset: write(sizes, format),
            sizes: `(max-width: 40rem) 100vw, ${column}`,
          },
        ]
      : []),
  ])
  return { alt, lazy, sources, src: pathOf(jpg), width, height }
}

const pathOf = (name: string) => `/pictures/${name}`
