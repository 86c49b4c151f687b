import { petitionPath } from '../../petition/paths.ts'
import { currentText, type Petition, type PetitionTextRow } from '../../petition/petition.ts'
import { formatDate } from '../../platform/i18n/format.ts'
import { languageNames } from '../../platform/i18n/translate.ts'

export interface VersionsView {
  /** Older and current versions of the text in this language, newest first. */
  versions: { number: number; href: string; published: string; current: boolean }[]
  /** On an older version's page: links to the current text; there is no form then. */
  oldVersion: { number: number; published: string; current: string } | null
  /** A dropped language whose link led here, and its last text. */
  dropped: { language: string; name: string; href: string } | null
}

/** @param options `href` of the current text; `dropped`: a language that the petition has no more */
export function viewVersions(
  petition: Petition,
  text: PetitionTextRow,
  { language, href, dropped }: { language: string; href: string; dropped: string | undefined },
): VersionsView {
  const current = currentText(petition, language)
  const dayOf = (date: Date) => formatDate(date, language, petition.settings.zone)
  return {
    versions: petition.texts.get(language)!.map((row) => ({
      number: row.version,
      href: row === current ? href : `${href}/versions/${row.version}`,
      published: dayOf(row.published_at),
      current: row === text,
    })),
    oldVersion:
      text === current
        ? null
        : { number: text.version, published: dayOf(text.published_at), current: href },
    dropped: dropped === undefined ? null : viewDropped(petition, dropped),
  }
}

function viewDropped(petition: Petition, language: string) {
  const { version } = petition.texts.get(language)![0]!
  const href = `${petitionPath(petition.slug)(language)}/versions/${version}`
  return { language, name: languageNames[language] ?? language, href }
}
