import { bindWords } from '../platform/i18n/bind-words.ts'

/** "COP-29" must not break over two lines of a headline: a hyphen before a digit becomes U+2011. */
export const headline = (slogan: string, language: string) =>
  bindWords(slogan, language).replace(/(?<=\p{L})-(?=\d)/gu, '\u2011')
