import { feedPath, updatePath, updatesPath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { formatDate } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { chooseText } from '../../update/choose-text.ts'
import type { Update } from '../../update/updates.ts'

export interface ListedUpdate {
  title: string
  href: string
  /** Where it is in another language than the page. */
  lang: string | null
  when: string
  datetime: string
}

export interface FeedLink {
  title: string
  href: string
}

const NEWEST = 3

/** On the petition's own page. */
export interface ToldUpdates {
  /** The newest few. */
  updates: ListedUpdate[]
  /** All of them; null where there is none. */
  updatesHref: string | null
  /** For the page's head. */
  feed: FeedLink
}

/** @param query kept by the links */
export function viewTold(
  petition: Petition,
  updates: Update[],
  language: string,
  query: string,
): ToldUpdates {
  return {
    updates: updates.slice(0, NEWEST).map((each) => viewListed(petition, each, language, query)),
    feed: viewFeedLink(petition, language),
    updatesHref: updates.length > 0 ? `${updatesPath(petition.slug)(language)}${query}` : null,
  }
}

export function viewListed(
  petition: Petition,
  update: Update,
  wanted: string,
  query: string,
): ListedUpdate {
  const { language, content } = chooseText(petition, update, wanted)
  return {
    title: bindWords(content.title, language),
    href: `${updatePath(petition.slug, update.name)(language)}${query}`,
    lang: language === wanted ? null : language,
    ...viewDay(petition, update.publishedAt, wanted),
  }
}

export const viewDay = ({ settings }: Petition, day: Date, language: string) => ({
  when: formatDate(day, language, settings.zone),
  datetime: day.toISOString(),
})

export function viewFeedLink(petition: Petition, language: string): FeedLink {
  const { title } = currentText(petition, language).content
  return {
    title: translator(language)('updates.feedTitle', { petition: title }),
    href: `${feedPath(petition.slug)}?lang=${language}`,
  }
}
