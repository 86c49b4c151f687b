import { type CountRow, OTHER } from '../count/read-counts.ts'
import { verifyPath } from '../petition/paths.ts'
import { currentText } from '../petition/petition.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { countryName } from '../platform/i18n/countries.ts'
import { commaOf } from '../platform/i18n/direction.ts'
import { setApart } from '../platform/i18n/fit-value.ts'
import { formatDate, formatNumber } from '../platform/i18n/format.ts'
import { languageNameIn, translator } from '../platform/i18n/translate.ts'
import type { Block } from '../platform/pdf/blocks.ts'
import { writePdf } from '../platform/pdf/write-pdf.ts'
import { type Delivery, paperTotal } from './gather-delivery.ts'
import { signedTextBlocks } from './text-blocks.ts'

/** The letter in one of the petition's languages. @throws MissingLettersError */
export async function writeLetter(delivery: Delivery, language: string): Promise<Buffer> {
  const { petition, made } = delivery
  const text = currentText(petition, language)
  const { title } = text.content
  const t = translator(language)
  return writePdf({
    title,
    author: organisersOf(delivery, language).join(', '),
    made,
    sections: [
      {
        language,
        blocks: letterBlocks(delivery, language),
        footer: (page, pages) => t('letter.page', { title, page, pages }),
      },
    ],
  })
}

export function letterBlocks(delivery: Delivery, language: string): Block[] {
  const { petition, made, certified, log, site, paper, imported } = delivery
  const text = currentText(petition, language)
  const { content } = text
  const t = translator(language)
  const zone = petition.settings.zone
  const date = (day: Date) => formatDate(day, language, zone)
  const verifyAddress = new URL(verifyPath(petition.slug)(language), site).href
  const onPaper = paperTotal(paper)
  const { contact } = petition.settings
  return [
    plain(`${t('petition.kind')} · ${date(made)}`, 'small'),
    { kind: 'heading', level: 1, text: content.title },
    plain(`${t('petition.whom')}: ${bindWords(content.whom, language)}`, 'lead'),
    plain(t('letter.signed', { count: certified }), 'lead'),
    plain(t('letter.certified', { date: date(log.publishedAt), count: log.size })),
    ...(onPaper > 0 ? [plain(t('letter.paper', { count: onPaper }))] : []),
    ...(imported > 0
      ? [plain(t('letter.imported', { imported: formatNumber(imported, language) }))]
      : []),
    {
      kind: 'qr',
      value: verifyAddress,
      alt: t('letter.qr', { address: verifyAddress }),
      texts: [t('letter.scan'), setApart(verifyAddress, language)],
    },
    plain(
      `${t('petition.organisers')}: ${organisersOf(delivery, language).join(commaOf(language))}`,
    ),
    ...(contact ? [plain(t('letter.contact', { contact }))] : []),
    { kind: 'heading', level: 2, text: t('letter.text') },
    plain(
      t('letter.version', {
        number: text.version,
        date: date(text.published_at),
        hash: text.hash.toString('base64'),
      }),
      'small',
    ),
    ...signedTextBlocks(petition, text),
    ...figures('letter.byCountry', 'letter.country', delivery.countries, (code) =>
      countryName(code, language),
    ),
    ...figures('letter.byLanguage', 'letter.language', delivery.languages, (code) =>
      languageNameIn(code, language),
    ),
    ...(certified > 0 ? [plain(t('letter.guarded'), 'small')] : []),
    { kind: 'heading', level: 2, text: t('letter.verify') },
    plain(t('letter.recount', { command: `node undersigned-verify.mjs ${site}` })),
    plain(t('letter.limits')),
    plain(t('letter.checkpoint')),
    ...noteLines(log.checkpoint).map((line) => plain(setApart(line, language), 'code')),
  ]

  function figures(
    heading: string,
    column: string,
    rows: CountRow[],
    nameOf: (key: string) => string,
  ): Block[] {
    if (rows.length === 0) return []
    return [
      { kind: 'heading', level: 2, text: t(heading) },
      {
        kind: 'table',
        columns: [t(column), t('letter.signatures')],
        rows: rows.map(({ key, signatures }) => [
          key === OTHER ? t('letter.others') : nameOf(key),
          formatNumber(signatures, language),
        ]),
      },
    ]
  }
}

const plain = (text: string, style: 'plain' | 'lead' | 'small' | 'code' = 'plain'): Block => ({
  kind: 'paragraph',
  text,
  style,
})

function organisersOf({ petition }: Delivery, language: string): string[] {
  const { organisers } = currentText(petition, language).content
  return petition.settings.organisers.map(({ id }) => organisers[id] ?? id)
}

const noteLines = (note: Uint8Array) =>
  Buffer.from(note)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
