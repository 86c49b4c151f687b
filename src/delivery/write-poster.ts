import { currentText, organiserNames, type Petition } from '../petition/petition.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { commaOf } from '../platform/i18n/direction.ts'
import { setApart } from '../platform/i18n/fit-value.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Block, Section } from '../platform/pdf/blocks.ts'
import { writePdf } from '../platform/pdf/write-pdf.ts'

/** `tear-off` has strips with the address at its foot. */
export type PosterKind = 'poster' | 'tear-off'

/** All that stands on one. */
export interface PosterContent {
  language: string
  slogan: string
  title: string
  summary: string
  organisers: string
  /** What the square says and people type, without a query. */
  url: string
}

interface Sizes {
  heading: number
  /** Of a square that is read across a street, or by people who stand before it. */
  square: number
}

/** The first with which all stays on one page: a slogan has up to 300 letters, which scripts draw in other widths. */
const SIZES: Readonly<Record<PosterKind, readonly Sizes[]>> = {
  poster: [
    { heading: 40, square: 340 },
    { heading: 40, square: 290 },
    { heading: 40, square: 250 },
    { heading: 32, square: 250 },
    { heading: 26, square: 200 },
    { heading: 22, square: 180 },
    { heading: 18, square: 150 },
  ],
  'tear-off': [
    { heading: 32, square: 130 },
    { heading: 25, square: 130 },
    { heading: 18, square: 100 },
    { heading: 15, square: 90 },
  ],
}
/** As pdfkit writes them. */
const PAGE = /\/Type \/Page\b/g

export function posterOf(
  petition: Petition,
  { language, url }: { language: string; url: string },
): PosterContent {
  const { title, slogan, summary } = currentText(petition, language).content
  const organisers = organiserNames(petition, language).join(commaOf(language))
  return { language, slogan, title, summary, organisers, url }
}

/** One A4 page to hang up, in one language. @throws MissingLettersError */
export async function writePoster(
  kind: PosterKind,
  content: PosterContent,
  made: Date,
): Promise<Buffer> {
  const write = (sizes: Sizes) =>
    writePdf({
      title: content.title,
      author: content.organisers,
      made,
      sections: [posterSection(kind, sizes, content)],
    })
  let pdf: Buffer = Buffer.alloc(0)
  for (const sizes of SIZES[kind]) {
    pdf = await write(sizes)
    if (pdf.toString('latin1').match(PAGE)?.length === 1) break
  }
  return pdf
}

export function posterSection(
  kind: PosterKind,
  { heading, square }: Sizes,
  { language, slogan, title, summary, organisers, url }: PosterContent,
): Section {
  const t = translator(language)
  const words = (text: string) => bindWords(text, language)
  // Read and typed by people: without the scheme, which browsers add.
  const address = setApart(url.replace(/^https?:\/\//, ''), language)
  const coded = (source: string) => `${url}?source=${source}`
  const blocks: Block[] = [
    { kind: 'heading', level: 1, text: words(slogan), size: heading },
    { kind: 'paragraph', text: words(summary), style: 'lead' },
    {
      kind: 'qr',
      value: coded(kind === 'poster' ? 'poster' : 'tearoff'),
      alt: t('letter.qr', { address }),
      texts: [t('petition.sign'), address],
      points: square,
    },
    { kind: 'paragraph', text: `${t('petition.organisers')}: ${organisers}`, style: 'small' },
  ]
  if (kind === 'tear-off') {
    blocks.push({ kind: 'strips', value: coded('tearoff'), texts: [title, address] })
  }
  // One page: nothing to number.
  return { language, blocks, footer: () => '' }
}
