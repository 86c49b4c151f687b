import type { Cards } from '../../card/cards.ts'
import {
  anyUpdatePath,
  petitionPath,
  updatePath,
  updatesPath,
  withdrawPath,
} from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { FIRST_CHANNELS, type ShareLink, shareLinks } from '../../sharing/share-links.ts'
import { chooseText, languagesOf } from '../../update/choose-text.ts'
import type { Update } from '../../update/updates.ts'
import { renderMarkdown } from '../petition/render-markdown.ts'
import { viewCard } from '../petition/view-elsewhere.ts'
import { headline, petitionPagePart } from '../petition-page-part.ts'
import {
  type FeedLink,
  type ListedUpdate,
  viewDay,
  viewFeedLink,
  viewListed,
} from './list-updates.ts'

interface AroundUpdates extends Page {
  petition: { title: string; slogan: string; href: string }
  feed: FeedLink
  withdrawHref: string
}

/** GET /:lang/p/:slug/updates/:name */
interface UpdatePage extends AroundUpdates {
  heading: string
  when: string
  datetime: string
  /** The day of a correction, if there was one. */
  corrected: string | null
  bodyHtml: string
  updatesHref: string
  share: { url: string; text: string; links: ShareLink[] }
}

/** GET /:lang/p/:slug/updates */
interface UpdatesPage extends AroundUpdates {
  list: ListedUpdate[]
}

interface Needs {
  config: { publicUrl: string }
  cards: Pick<Cards, 'version'>
  makePage: MakePage
}

/** Search engines list the first words of an update. */
const DESCRIPTION_LENGTH = 200

/** @param query the attribution that the links to the petition keep */
export async function viewUpdate(
  { config, cards, makePage }: Needs,
  { petition, update }: { petition: Petition; update: Update },
  language: string,
  query: string,
): Promise<UpdatePage> {
  const { content } = chooseText(petition, update, language)
  const path = updatePath(petition.slug, update.name)
  const url = `${config.publicUrl}${path(language)}`
  const { publishedAt, updatedAt } = update
  const bodyHtml = renderMarkdown(bindWords(content.body, language))
  return {
    ...around(makePage, petition, language, query),
    ...makePage({
      language,
      title: content.title,
      description: describe(bodyHtml),
      path,
      anyLanguage: anyUpdatePath(petition.slug, update.name),
      query,
      offered: languagesOf(petition, update),
      accent: petition.settings.accent,
      demoKey: petition.settings.demoKey,
      indexed: true,
      card: await viewCard(cards, petition, language),
    }),
    heading: headline(content.title, language),
    ...viewDay(petition, publishedAt, language),
    corrected: updatedAt > publishedAt ? viewDay(petition, updatedAt, language).when : null,
    bodyHtml,
    updatesHref: `${updatesPath(petition.slug)(language)}${query}`,
    share: {
      url,
      text: content.title,
      links: shareLinks(
        url,
        {
          title: content.title,
          email: translator(language)('share.email'),
          say: () => content.title,
        },
        FIRST_CHANNELS,
      ),
    },
  }
}

export function viewUpdates(
  { makePage }: Pick<Needs, 'makePage'>,
  { petition, updates }: { petition: Petition; updates: Update[] },
  language: string,
  query: string,
): UpdatesPage {
  return {
    ...around(makePage, petition, language, query),
    list: updates.map((update) => viewListed(petition, update, language, query)),
  }
}

function around(
  makePage: MakePage,
  petition: Petition,
  language: string,
  query: string,
): AroundUpdates {
  const part = petitionPagePart(makePage, petition, {
    language,
    heading: 'updates.heading',
    path: updatesPath(petition.slug),
    query,
  })
  const href = `${petitionPath(petition.slug)(language)}${query}`
  return {
    ...part,
    petition: { ...part.petition, href },
    feed: viewFeedLink(petition, language),
    withdrawHref: withdrawPath(petition.slug)(language),
  }
}

/** The first words, whole. */
function describe(html: string): string {
  const text = withoutEntities(html.replace(/<[^<>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()
  if (text.length <= DESCRIPTION_LENGTH) return text
  return `${text.slice(0, DESCRIPTION_LENGTH).replace(/\s\S*$/u, '')}…`
}

/** As sanitize-html writes them; the template escapes anew. */
const withoutEntities = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
