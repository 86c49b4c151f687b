import type { Petition } from '../petition/petition.ts'
import type { PetitionTextRow } from '../petition/petition-rows.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { commaOf } from '../platform/i18n/direction.ts'
import { fitValue, setApart } from '../platform/i18n/fit-value.ts'
import { formatPartialDate } from '../platform/i18n/format.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Block } from '../platform/pdf/blocks.ts'
import { markdownBlocks, markdownLine } from './markdown-blocks.ts'

/** Who asks whom for what, and the demands. */
export function askBlocks({ content, language }: PetitionTextRow): Block[] {
  const t = translator(language)
  const bound = (text: string) => bindWords(text, language)
  const line = (key: string, text: string): Block => ({
    kind: 'paragraph',
    text: `${t(key)}: ${bound(text)}`,
  })
  return [
    line('petition.who', content.who),
    line('petition.whom', content.whom),
    line('petition.what', content.what),
    ...(content.demands.length === 0
      ? []
      : ([
          { kind: 'heading', level: 3, text: t('petition.demands') },
          { kind: 'list', items: content.demands.map(bound), isOrdered: true },
        ] satisfies Block[])),
  ]
}

/** The whole text as it was signed, with its facts and their sources. */
export function signedTextBlocks(petition: Petition, text: PetitionTextRow): Block[] {
  const { content, language } = text
  const t = translator(language)
  const bound = (words: string) => bindWords(words, language)
  const numberOf = (id: string) =>
    petition.settings.sources.findIndex((source) => source.id === id) + 1
  const facts = content.facts.map((fact) => {
    const notes = fact.sources.map((id) => `[${fitValue(numberOf(id), language)}]`).join('')
    return `${bound(markdownLine(fact.text))}${notes && ` ${notes}`}`
  })
  const sources = petition.settings.sources.map(({ id, url, date }) => {
    const { title, publisher } = content.sources[id]!
    const address = setApart(url, language)
    return [title, publisher, formatPartialDate(date, language), address].join(commaOf(language))
  })
  return [
    { kind: 'paragraph', text: bound(content.slogan), style: 'lead' },
    { kind: 'paragraph', text: bound(content.summary) },
    ...(content.notice ? [{ kind: 'paragraph', text: bound(content.notice) } as const] : []),
    ...askBlocks(text),
    ...markdownBlocks(bound(content.body)),
    ...listed('petition.facts', facts),
    ...listed('petition.sources', sources),
  ]

  function listed(heading: string, items: string[]): Block[] {
    if (items.length === 0) return []
    return [
      { kind: 'heading', level: 3, text: t(heading) },
      { kind: 'list', items, isOrdered: true },
    ]
  }
}
