import { petitionPath, privacyPath } from '../petition/paths.ts'
import { currentText, type Petition } from '../petition/petition.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { MakePage, Page } from '../platform/web/page.ts'

/** The part of every page around a petition: its accent, its languages, the way back. */
export function petitionPagePart(
  makePage: MakePage,
  petition: Petition,
  options: {
    language: string
    /** Key of the page's title. */
    heading: string
    path: (language: string) => string
    query?: string
    typedForm?: string | null
  },
): Page & { petition: { title: string; slogan: string; href: string }; privacyHref: string } {
  const { language, heading, path, query, typedForm } = options
  const { content } = currentText(petition, language)
  return {
    ...makePage({
      language,
      title: translator(language)(heading),
      path,
      query,
      typedForm,
      offered: petition.settings.languages,
      accent: petition.settings.accent,
      demoKey: petition.settings.demoKey,
    }),
    petition: {
      title: content.title,
      slogan: headline(content.slogan, language),
      href: petitionPath(petition.slug)(language),
    },
    privacyHref: privacyPath(petition.slug)(language),
  }
}

/** "COP-29" must not break over two lines of a headline: a hyphen before a digit becomes U+2011. */
export const headline = (slogan: string, language: string) =>
  bindWords(slogan, language).replace(/(?<=\p{L})-(?=\d)/gu, '\u2011')
