import { petitionPath, privacyPath } from '../petition/paths.ts'
import { currentText, type Petition } from '../petition/petition.ts'
import { bindWords } from '../platform/i18n/bind-words.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { MakePage, Page } from '../platform/web/page.ts'

/** The part of every page around a petition: its accent, its languages, the way back. A hidden one has no title there. */
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
  const content = petition.hiddenAt
    ? { title: petition.slug, slogan: petition.slug }
    : currentText(petition, language).content
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

/**
 * "COP-29" and "29-ით" must not break over two lines of a headline. Word joiners (U+2060) around the hyphen keep them
 * together; U+2011, the hyphen that doesn't break, is missing in fonts, and another font's stands at another height.
 */
export const headline = (slogan: string, language: string) =>
  bindWords(slogan, language).replace(/(?<=\p{L})-(?=\d)|(?<=\d)-(?=\p{L})/gu, '\u2060-\u2060')
