import type { PetitionContent } from '../../petition/files/petition-text.ts'
import type { Petition } from '../../petition/petition.ts'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { formatPartialDate } from '../../platform/i18n/format.ts'
import { headline } from '../petition-page-part.ts'
import { type Pictures, renderMarkdown, renderMarkdownLine } from './render-markdown.ts'

/** One version of a petition's text in one language, ready to show. */
export interface TextView {
  slogan: string
  summary: string
  /** For example that this is a demonstration of a historical call. */
  notice: string | null
  ask: { who: string; whom: string; what: string }
  demands: string[]
  bodyHtml: string
  /** Numbered from 1; `notes` are the sources that the fact cites. */
  facts: { number: number; html: string; notes: { number: number }[] }[]
  /** `citedBy`: numbers of the facts that cite it, for the links back from the footnote. */
  sources: {
    number: number
    title: string
    publisher: string
    url: string
    date: string
    citedBy: number[]
  }[]
  organisers: { name: string; url: string | null }[]
}

export function viewText(
  petition: Petition,
  { content }: { content: PetitionContent },
  language: string,
  pictures?: Pictures,
): TextView {
  const { sources, organisers } = petition.settings
  const bound = (text: string) => bindWords(text, language)
  const numberOf = (id: string) => sources.findIndex((source) => source.id === id) + 1
  return {
    slogan: headline(content.slogan, language),
    summary: bound(content.summary),
    notice: content.notice && bound(content.notice),
    ask: { who: bound(content.who), whom: bound(content.whom), what: bound(content.what) },
    demands: content.demands.map(bound),
    bodyHtml: renderMarkdown(bound(content.body), pictures),
    facts: content.facts.map((fact, index) => ({
      number: index + 1,
      html: renderMarkdownLine(bound(fact.text)),
      notes: fact.sources.map((id) => ({ number: numberOf(id) })),
    })),
    sources: sources.map(({ id, url, date }) => ({
      number: numberOf(id),
      title: content.sources[id]!.title,
      publisher: content.sources[id]!.publisher,
      url,
      date: formatPartialDate(date, language),
      citedBy: content.facts.flatMap((fact, index) =>
        fact.sources.includes(id) ? [index + 1] : [],
      ),
    })),
    organisers: organisers.map(({ id, url }) => ({ name: content.organisers[id] ?? id, url })),
  }
}
