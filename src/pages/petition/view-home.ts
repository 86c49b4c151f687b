import type { Cards } from '../../card/cards.ts'
import type { Config } from '../../config.ts'
import type { Counts } from '../../count/counts.ts'
import type { PublicLog } from '../../log/public-log.ts'
import { petitionPath } from '../../petition/paths.ts'
import { currentText, hasEnded, type Petition, petitionState } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { findOwnPage } from '../../platform/own-pages.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { headline } from '../petition-page-part.ts'
import { type CountView, viewCount } from '../view-count.ts'
import { renderMarkdown } from './render-markdown.ts'
import { viewCard } from './view-elsewhere.ts'
import { type DeliveryView, viewDelivery } from './view-stage.ts'

/** GET /:lang/ : the open petitions, and those that closed, with what became of them. */
interface HomePage extends Page {
  /** The beginning of the operator's own page. */
  about: { title: string | null; lead: string; href: string; language: string } | null
  operator: string | null
  petitions: (HomeEntry & { closesOn: string | null })[]
  closed: (HomeEntry & { closedOn: string; delivery: DeliveryView | null })[]
}

interface HomeEntry {
  href: string
  title: string
  slogan: string
  summary: string
  count: CountView
}

export interface ViewHomeNeeds {
  config: Pick<Config, 'operator' | 'pages'>
  petitions: Pick<Petitions, 'listed'>
  clock: Clock
  cards: Pick<Cards, 'version'>
  counts: Pick<Counts, 'shown'>
  publicLog: Pick<PublicLog, 'published'>
  makePage: MakePage
}

/** The open petitions, and below them those that closed, the latest first, until they are archived. */
export async function viewHome(needs: ViewHomeNeeds, language: string): Promise<HomePage> {
  const { petitions, clock, makePage } = needs
  const all = await petitions.listed()
  const inState = (state: string) => all.filter((each) => petitionState(each, clock) === state)
  const closed = all
    .filter((each) => hasEnded(each, clock))
    .filter(({ tagKey }) => tagKey !== null)
    .sort((a, b) => b.closesAt!.getTime() - a.closesAt!.getTime())
  const t = translator(language)
  const open = [...inState('open'), ...inState('paused')]
  const [first] = open
  return {
    ...makePage({
      language,
      title: t('home.heading'),
      description: t('home.heading'),
      path: (other) => `/${other}/`,
      anyLanguage: '/',
      indexed: true,
      card: first
        ? await viewCard(needs.cards, first, currentText(first, language).language)
        : null,
      letter: false,
    }),
    about: viewAbout(needs.config, language),
    operator: needs.config.operator,
    petitions: await Promise.all(
      open.map(async (petition) => ({
        ...(await viewEntry(needs, petition, language)),
        closesOn:
          petition.closesAt && formatMoment(petition.closesAt, language, petition.closesZone),
      })),
    ),
    closed: await Promise.all(
      closed.map(async (petition) => ({
        ...(await viewEntry(needs, petition, language)),
        closedOn: formatMoment(petition.closesAt!, language, petition.closesZone),
        delivery: viewDelivery(petition, language, null),
      })),
    ),
  }
}

function viewAbout({ pages }: ViewHomeNeeds['config'], language: string): HomePage['about'] {
  const own = findOwnPage(pages.about, language)
  if (!own) return null
  const { title, lead, language: shown } = own
  return {
    title,
    lead: renderMarkdown(bindWords(lead, shown)),
    href: `/${language}/about`,
    language: shown,
  }
}

async function viewEntry(
  { counts, publicLog }: ViewHomeNeeds,
  petition: Petition,
  language: string,
): Promise<HomeEntry> {
  const { content, language: shown } = currentText(petition, language)
  return {
    href: petitionPath(petition.slug)(shown),
    title: content.title,
    slogan: headline(content.slogan, shown),
    summary: bindWords(content.summary, shown),
    count: viewCount(
      petition,
      await counts.shown(petition.id),
      language,
      await publicLog.published(),
    ),
  }
}
