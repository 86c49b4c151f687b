import type { Petition } from '../petition/petition.ts'
import type { UpdateContent } from './update-files.ts'
import type { Update } from './update-rows.ts'

/** An update's text in the language, else in the first of the petition's that it has. */
export function chooseText(
  petition: Pick<Petition, 'settings'>,
  { texts }: Pick<Update, 'texts'>,
  language: string,
): { language: string; content: UpdateContent } {
  const chosen = [language, ...petition.settings.languages, ...texts.keys()].find((each) =>
    texts.has(each),
  )!
  return { language: chosen, content: texts.get(chosen)! }
}

/** Those languages of the petition that it is in; all of its own where the petition has dropped them. */
export function languagesOf(petition: Pick<Petition, 'settings'>, { texts }: Update): string[] {
  const offered = petition.settings.languages.filter((each) => texts.has(each))
  return offered.length > 0 ? offered : [...texts.keys()]
}
