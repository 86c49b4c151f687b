import { petitionPath } from '../petition/paths.ts'
import { currentText, type Petition } from '../petition/petition.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { commaOf } from '../platform/i18n/direction.ts'
import { setApart } from '../platform/i18n/fit-value.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Block, Section } from '../platform/pdf/blocks.ts'
import { writePdf } from '../platform/pdf/write-pdf.ts'
import { askBlocks } from './text-blocks.ts'

/** A sheet to sign on paper, on pages of its own in each language. @throws MissingLettersError */
export function writeSheet(
  { petition, made, site }: { petition: Petition; made: Date; site: string },
  languages: readonly string[],
): Promise<Buffer> {
  const { title, organisers } = currentText(petition, languages[0]!).content
  return writePdf({
    title,
    author: Object.values(organisers).join(', '),
    made,
    sections: languages.map((language) => sectionOf(petition, language, site)),
  })
}

function sectionOf(petition: Petition, language: string, site: string): Section {
  const text = currentText(petition, language)
  const { content } = text
  const t = translator(language)
  const url = new URL(petitionPath(petition.slug)(language), site).href
  const address = setApart(url, language)
  const organisers = petition.settings.organisers.map(({ id }) => content.organisers[id] ?? id)
  const small = (words: string): Block => ({ kind: 'paragraph', text: words, style: 'small' })
  return {
    language,
    blocks: [
      { kind: 'heading', level: 1, text: content.title },
      { kind: 'paragraph', text: bindWords(content.summary, language) },
      ...askBlocks(text),
      {
        kind: 'qr',
        value: url,
        alt: t('letter.qr', { address }),
        texts: [t('sheet.once'), address],
      },
      { kind: 'heading', level: 2, text: t('sheet.heading') },
      small(t('sheet.privacy')),
      small(`${t('petition.organisers')}: ${organisers.join(commaOf(language))}`),
      {
        kind: 'blank-lines',
        columns: [
          { heading: t('sheet.name'), share: 0.36 },
          { heading: t('sheet.place'), share: 0.26 },
          { heading: t('sheet.date'), share: 0.14 },
          { heading: t('sheet.signature'), share: 0.24 },
        ],
      },
    ],
    footer: (page, pages) => t('letter.page', { title: content.title, page, pages }),
  }
}
