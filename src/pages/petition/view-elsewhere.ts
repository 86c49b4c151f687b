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

/** How the petition appears in link previews and search results. */
export async function viewElsewhere(
  { config, cards, counts }: Needs,
  petition: Petition,
  language: string,
): Promise<{ card: { path: string; alt: string }; structured: object }> {
  const { slogan, title } = currentText(petition, language).content
  const path = cardPath(petition.slug, language, await cards.version(petition, language))
  return {
    card: {
      path,
      alt: `${slogan || title} – ${organiserNames(petition, language).join(commaOf(language))}`,
    },
    structured: describe(petition, language, {
      url: config.publicUrl + petitionPath(petition.slug)(language),
      image: config.publicUrl + path,
      counted: (await counts.shown(petition.id)).counted,
    }),
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
