import { languages, translator } from '../../platform/i18n/translate.ts'
import type { ErrorWords } from '../../platform/web/http-error.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import type { Query } from '../../platform/web/read-query.ts'
import { type FrameLook, readLook } from './frame-look.ts'
import { DARK_MEDIA } from './view-frame.ts'

/** Where a frame asks for a petition that isn't there: a page that may stand in it, so that the host hears of it. */
interface UnknownFramePage extends Page, Pick<FrameLook, 'kind' | 'theme' | 'colours'> {
  darkMedia: string
  unknown: true
}

/** @param words why it isn't there; none where it never was */
export function viewUnknown(
  makePage: MakePage,
  { words }: ErrorWords,
  query: Query,
  acceptLanguage: string | undefined,
): UnknownFramePage {
  const { language, kind, theme, colours } = readLook(query, languages, acceptLanguage)
  const title = translator(language)(words ? `problem.${words}.heading` : 'embed.unknown')
  const page = makePage({ language, title, path: (other) => `/${other}/` })
  return { ...page, kind, theme, colours, darkMedia: DARK_MEDIA[theme], unknown: true }
}
