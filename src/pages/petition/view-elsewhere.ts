import type { Cards } from '../../card/cards.ts'
import type { Counts } from '../../count/counts.ts'
import { cardPath, petitionPath } from '../../petition/paths.ts'
import { currentText, organiserNames, type Petition } from '../../petition/petition.ts'
import { commaOf } from '../../platform/i18n/direction.ts'

interface Needs {
  config: { publicUrl: string }
  cards: Pick<Cards, 'version'>
  counts: Pick<Counts, 'shown'>
}

/** The picture of a link preview, and what it says. */
interface LinkedCard {
  path: string
  alt: string
}

/** How the petition appears in link previews and search results. */
export async function viewElsewhere(
  { config, cards, counts }: Needs,
  petition: Petition,
  language: string,
): Promise<{ card: LinkedCard; structured: object }> {
  const card = await viewCard(cards, petition, language)
  return {
    card,
    structured: describe(petition, language, {
      url: config.publicUrl + petitionPath(petition.slug)(language),
      image: config.publicUrl + card.path,
      counted: (await counts.shown(petition.id)).counted,
    }),
  }
}

/** For every page that is passed on for the petition's sake. @param language one of the petition's */
export async function viewCard(
  cards: Pick<Cards, 'version'>,
  petition: Petition,
  language: string,
): Promise<LinkedCard> {
  const { slogan, title } = currentText(petition, language).content
  return {
    path: cardPath(petition.slug, language, await cards.version(petition, language)),
    alt: `${slogan || title} – ${organiserNames(petition, language).join(commaOf(language))}`,
  }
}

/** By schema.org's vocabulary, which has no petitions: a page, who publishes it, and how many have endorsed it. */
function describe(
  petition: Petition,
  language: string,
  { url, image, counted }: { url: string; image: string; counted: number },
): object {
  const { content } = currentText(petition, language)
  return {
    '@context': 'https://schema.org',
    '@type': 'WebPage',
    name: content.title,
    headline: content.slogan,
    description: content.summary,
    inLanguage: language,
    url,
    image,
    datePublished: petition.publishedAt?.toISOString(),
    dateModified: petition.updatedAt.toISOString(),
    publisher: petition.settings.organisers.map(({ id, url }) => ({
      '@type': 'Organization',
      name: content.organisers[id] ?? id,
      url,
    })),
    interactionStatistic: {
      '@type': 'InteractionCounter',
      interactionType: 'https://schema.org/EndorseAction',
      userInteractionCount: counted,
    },
  }
}
