import { petitionPath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { commaOf, isRightToLeft } from '../../platform/i18n/direction.ts'
import { languageNames, translator } from '../../platform/i18n/translate.ts'
import { type MailLink, mailLink } from '../../platform/mail-link.ts'
import type { Target } from '../../target/target-state.ts'
import { nameOf, textIn } from './view-target.ts'

/** A letter to one who is asked, for the reader to change and send. */
export interface LetterView {
  who: string
  /** Of the letter, which may be another than the page's. */
  language: string
  direction: 'ltr' | 'rtl'
  subject: string
  body: string
  /** To the reader's own mail program; null where there is no address. */
  mail: MailLink | null
  /** A form of theirs; null where there is none. */
  form: string | null
}

export interface Choice {
  value: string
  label: string
  selected: boolean
}

interface Wanted {
  /** Of the page. */
  language: string
  /** Null where the reader chose none: the country's own, if the petition has it. */
  inLanguage: string | null
  publicUrl: string
}

export function viewLetter(
  petition: Petition,
  target: Target,
  { language, inLanguage, publicUrl }: Wanted,
): LetterView {
  const own = inLanguage ?? languageOf(petition, target.country)
  const t = translator(own)
  const { title, summary, demands } = currentText(petition, own).content
  const { asked, contact = '' } = target.facts
  const asks = asked ? [textIn(petition, own)(asked)!] : demands
  const subject = title
  const body = [
    t('write.greeting'),
    `${t('write.mine', { title })} ${summary}`,
    [t('write.short'), ...asks.map((each) => `– ${each}`)].join('\n'),
    t('write.public'),
    `${t('write.where')}\n${publicUrl}${petitionPath(petition.slug)(own)}`,
    t('write.yours'),
  ].join('\n\n')
  const isForm = contact.includes('://')
  return {
    who: [nameOf(petition, target, language), countryName(target.country, language)].join(
      commaOf(language),
    ),
    language: own,
    direction: isRightToLeft(own) ? 'rtl' : 'ltr',
    subject,
    body,
    mail: contact && !isForm ? mailLink(contact, subject, body) : null,
    form: isForm ? contact : null,
  }
}

/** What most people in a country read (Unicode's likely subtags), as far as the petition has it; else English. */
function languageOf({ settings }: Petition, country: string): string {
  const { language } = new Intl.Locale(`und-${country}`).maximize()
  const { languages } = settings
  return [language, 'en'].find((each) => each && languages.includes(each)) ?? languages[0]!
}

/** Those who are asked, by country. */
export function viewTargetChoices(
  petition: Petition,
  targets: Target[],
  language: string,
  chosen: Target | null,
): Choice[] {
  const collator = new Intl.Collator(language)
  return targets
    .map((target) => ({
      value: target.word,
      label: `${countryName(target.country, language)}: ${nameOf(petition, target, language)}`,
      selected: target === chosen,
    }))
    .sort((a, b) => collator.compare(a.label, b.label))
}

export const viewLanguageChoices = ({ settings }: Petition, chosen: string | null): Choice[] =>
  settings.languages.map((value) => ({
    value,
    label: languageNames[value] ?? value,
    selected: value === chosen,
  }))
