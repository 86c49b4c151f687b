import type { Petition } from '../../petition/petition.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { formatPartialDate } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Texts } from '../../target/facts.ts'
import type { Entry, Target, TargetState } from '../../target/target-state.ts'
import type { Kind } from './view-board.ts'

/** One who is asked, on the board. */
export interface TargetView {
  word: string
  /** The name; of an office, which many countries have, the country. */
  heading: string
  /** The country, or the office; null where all who are asked are of one country. */
  beside: string | null
  contact: string | null
  /** Only where it is not what all are asked. */
  asks: string | null
  kind: Kind
  /** What became of it, in words. */
  state: string
  /** The day of that. */
  since: string | null
  answer: EntryView | null
  /** Everything that was noted, the oldest first; null while it tells no more than the above. */
  history: EntryView[] | null
}

export interface EntryView {
  told: string
  datetime: string
  text: string | null
  source: string | null
  /** A later entry has taken its place. */
  corrected: string | null
}

interface Viewed {
  language: string
  /** All who are asked are of one country. */
  inOneCountry: boolean
  kind: Kind
  state: TargetState
}

export function viewTarget(
  petition: Petition,
  target: Target,
  { language, inOneCountry, kind, state }: Viewed,
): TargetView {
  const { country, facts, entries, word } = target
  const t = translator(language)
  const read = textIn(petition, language)
  const names = [nameOf(petition, target, language), countryName(country, language)]
  const [heading, beside] = facts.office && !inOneCountry ? names.reverse() : names
  const view = (entry: Entry) => viewEntry(entry, { entries, language, read })
  return {
    word,
    heading: heading!,
    beside: inOneCountry ? null : beside!,
    contact: facts.contact ? hrefOf(facts.contact) : null,
    asks: facts.asked ? t('answers.asks', { what: read(facts.asked)! }) : null,
    kind,
    ...viewState(state, kind, language),
    answer: state.is === 'answered' ? view(state.entry) : null,
    history: entries.length > 1 ? entries.map(view) : null,
  }
}

/** A person's name, or an office's. */
export function nameOf(petition: Petition, { facts }: Target, language: string): string {
  const office = facts.office?.replaceAll('-', '_')
  if (office) return translator(language)(`answers.office.${office}`)
  return textIn(petition, language)(facts.name) ?? ''
}

function viewState(
  state: TargetState,
  kind: Kind,
  language: string,
): Pick<TargetView, 'state' | 'since'> {
  const t = translator(language)
  if (state.is === 'unasked') return { state: t('answers.unasked'), since: null }
  if (state.is === 'answered') {
    const date = formatPartialDate(state.entry.happened_on, language)
    return { state: t(`answers.${kind}`), since: t('answers.answeredOn', { date }) }
  }
  const asked = t('answers.askedOn', { date: formatPartialDate(state.on, language) })
  if (state.is === 'asked') return { state: asked, since: null }
  return { state: t('answers.noAnswer', { count: state.days }), since: asked }
}

function viewEntry(
  { id, kind, happened_on, stance, texts, source }: Entry,
  {
    entries,
    language,
    read,
  }: { entries: Entry[]; language: string; read: ReturnType<typeof textIn> },
): EntryView {
  const t = translator(language)
  const date = formatPartialDate(happened_on, language)
  const by = entries.find(({ corrects }) => corrects === id)
  const day = by?.noted_at.toISOString().slice(0, 10)
  const told = {
    asked: () => t('answers.askedOn', { date }),
    answered: () => `${t('answers.answeredOn', { date })}: ${t(`answers.${stance}`)}`,
    mistake: () => t('answers.mistakeOn', { date }),
  }
  return {
    told: told[kind](),
    datetime: happened_on,
    text: read(texts),
    source,
    corrected: day ? t('answers.corrected', { date: formatPartialDate(day, language) }) : null,
  }
}

/** A text that was noted before the petition got the language is read in its first. */
export const textIn =
  (petition: Petition, language: string) =>
  (texts: Texts | null | undefined): string | null => {
    if (!texts) return null
    const [first] = petition.settings.languages
    return texts[language] ?? texts[first!] ?? Object.values(texts)[0] ?? null
  }

const hrefOf = (contact: string) => (contact.includes('://') ? contact : `mailto:${contact}`)
