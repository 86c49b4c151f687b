import { currentText, type Petition, petitionState } from '../../petition/petition.ts'
import { bindWords } from '../../platform/i18n/bind-words.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Services } from '../../services.ts'
import { viewCount } from '../count.page.ts'
import { headline } from '../headline.ts'
import type { HomePage } from './petition.page.ts'
import { petitionPath } from './view-petition.ts'

type Needs = Pick<Services, 'petitions' | 'clock' | 'counts' | 'publicLog' | 'makePage'>

/** The open petitions, and below them those that closed, the latest first, until they are archived. */
export async function viewHome(services: Needs, language: string): Promise<HomePage> {
  const { petitions, clock, makePage } = services
  const all = await petitions.all()
  const inState = (state: string) => all.filter((each) => petitionState(each, clock) === state)
  const closed = inState('closed')
    .filter(({ tagKey }) => tagKey !== null)
    .sort((a, b) => b.closesAt!.getTime() - a.closesAt!.getTime())
  const t = translator(language)
  return {
    ...makePage({
      language,
      title: t('home.heading'),
      description: t('home.heading'),
      path: (other) => `/${other}/`,
      anyLanguage: '/',
      indexed: true,
      letter: false,
    }),
    petitions: await Promise.all(
      inState('open').map((petition) => viewEntry(services, petition, language)),
    ),
    closed: await Promise.all(
      closed.map(async (petition) => ({
        ...(await viewEntry(services, petition, language)),
        closedOn: formatMoment(petition.closesAt!, language, petition.closesZone),
      })),
    ),
  }
}

async function viewEntry(
  { counts, publicLog }: Pick<Services, 'counts' | 'publicLog'>,
  petition: Petition,
  language: string,
): Promise<HomePage['petitions'][number]> {
  const { content, language: shown } = currentText(petition, language)
  return {
    href: petitionPath(petition.slug)(shown),
    title: content.title,
    slogan: headline(content.slogan, shown),
    summary: bindWords(content.summary, shown),
    count: viewCount(petition, await counts(petition.id), language, await publicLog()),
  }
}
