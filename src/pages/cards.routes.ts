import type { FastifyInstance } from 'fastify'
import type { Cards } from '../card/cards.ts'
import type { ShapeName } from '../card/shapes.ts'
import type { Petition } from '../petition/petition.ts'
import type { Petitions } from '../petition/petitions.ts'
import { sendCacheable } from '../platform/web/send-page.ts'
import { getPetition } from './get-petition.ts'

const FILES: [file: string, shape: ShapeName][] = [
  ['card.png', 'card'],
  ['card-square.png', 'square'],
  ['card-story.png', 'story'],
]
/** The count moves on; a page names a new address then. */
const OWN_CACHE = 'public, max-age=600, stale-if-error=86400'
/** Asked for again soon: then it is drawn. */
const EMPTY_CACHE = 'public, max-age=10'

/** Pictures of a petition for link previews, posts and stories, and its count for other sites. `?lang=`: one of its languages; else its first. */
export function cardRoutes(
  app: FastifyInstance,
  { petitions, cards }: { petitions: Petitions; cards: Pick<Cards, 'find' | 'badge'> },
): void {
  for (const [file, shape] of FILES) {
    app.get<{ Params: { slug: string }; Querystring: { lang?: unknown } }>(
      `/p/:slug/${file}`,
      async (request, reply) => {
        const petition = await getPetition(petitions, request.params.slug)
        const language = chooseLanguage(petition, request.query.lang)
        const { png, isOwn } = await cards.find(petition, language, shape)
        reply.type('image/png').header('content-language', language)
        return sendCacheable(reply, png, isOwn ? OWN_CACHE : EMPTY_CACHE)
      },
    )
  }
  app.get<{ Params: { slug: string }; Querystring: { lang?: unknown } }>(
    '/p/:slug/badge.svg',
    async (request, reply) => {
      const petition = await getPetition(petitions, request.params.slug)
      const language = chooseLanguage(petition, request.query.lang)
      const { svg, policy } = await cards.badge(petition, language)
      reply.type('image/svg+xml; charset=utf-8').headers({
        'content-language': language,
        'content-security-policy': policy,
        'cross-origin-resource-policy': 'cross-origin',
      })
      return sendCacheable(reply, svg, OWN_CACHE)
    },
  )
}

function chooseLanguage({ settings }: Petition, asked: unknown): string {
  const known = settings.languages.find((language) => language === asked)
  return known ?? settings.languages[0]!
}
