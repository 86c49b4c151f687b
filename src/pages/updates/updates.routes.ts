import type { FastifyInstance } from 'fastify'
import type { Cards } from '../../card/cards.ts'
import { updatePath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { negotiate } from '../../platform/i18n/translate.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { MakePage } from '../../platform/web/page.ts'
import type { ReadQuery, Repeated } from '../../platform/web/read-query.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { renderPublic } from '../../platform/web/send-page.ts'
import { attributionQuery, readAttributionQuery } from '../../sharing/attribution.ts'
import { languagesOf } from '../../update/choose-text.ts'
import type { Update, Updates } from '../../update/updates.ts'
import { getPetition } from '../get-petition.ts'
import { viewUpdate, viewUpdates } from './view-updates.ts'
import { writeFeed } from './write-feed.ts'

/** A redirect by language; the address itself never changes. */
const REDIRECT_CACHE = 'public, max-age=60'
const FEED_CACHE = 'public, max-age=300, stale-if-error=86400'

type NameParams = { Params: { lang: string; slug: string; name: string } }

interface Needs {
  config: { publicUrl: string }
  cards: Pick<Cards, 'version'>
  petitions: Petitions
  updates: Pick<Updates, 'of'>
  answers: AnswerCache
  makePage: MakePage
}

/** What organisers tell after publishing: a page each, a list, and a feed. */
export function updatesRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, petitions, updates, answers } = needs

  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/updates',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang)
      return answers.send(reply, {
        key: `updates ${lang} ${slug}`,
        read: readAttribution,
        async make({ repeated }) {
          const about = { petition, updates: await updates.of(petition) }
          const page = viewUpdates(needs, about, lang, queryOf(repeated))
          return renderPublic(reply, 'updates/updates.hbs', page)
        },
      })
    },
  )

  app.get<NameParams>('/:lang/p/:slug/updates/:name', async (request, reply) => {
    const { lang, slug, name } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const update = await getUpdate(petition, name)
    if (!update.texts.has(lang)) {
      const [first] = languagesOf(petition, update)
      const query = attributionQuery(readAttributionQuery(request.query))
      reply.header('cache-control', REDIRECT_CACHE)
      return redirectWithin(reply, `${updatePath(slug, name)(first!)}${query}`, 302)
    }
    return answers.send(reply, {
      key: `update ${name} ${lang} ${slug}`,
      read: readAttribution,
      async make({ repeated }) {
        const page = await viewUpdate(needs, { petition, update }, lang, queryOf(repeated))
        return renderPublic(reply, 'updates/update.hbs', page)
      },
    })
  })

  // The share link, in the reader's language.
  app.get<{ Params: { slug: string; name: string } }>(
    '/p/:slug/updates/:name',
    async (request, reply) => {
      const { slug, name } = request.params
      const petition = await getPetition(petitions, slug)
      const update = await getUpdate(petition, name)
      const offered = languagesOf(petition, update)
      const language = negotiate(request.headers['accept-language'], offered)
      const query = attributionQuery(readAttributionQuery(request.query))
      reply.headers({ vary: 'accept-language', 'cache-control': REDIRECT_CACHE })
      return redirectWithin(reply, `${updatePath(slug, name)(language)}${query}`, 302)
    },
  )

  app.get<{ Params: { slug: string } }>('/p/:slug/feed.xml', async (request, reply) => {
    const petition = await getPetition(petitions, request.params.slug)
    const { languages } = petition.settings
    return answers.send(reply, {
      key: `feed ${petition.slug}`,
      read: ({ lang }) => ({ variant: languages.find((each) => each === lang) ?? languages[0]! }),
      async make({ variant }) {
        const about = { petition, updates: await updates.of(petition) }
        return {
          body: writeFeed(config.publicUrl, about, variant),
          headers: {
            'content-type': 'application/atom+xml; charset=utf-8',
            'content-language': variant,
            'cache-control': FEED_CACHE,
          },
        }
      },
    })
  })

  /** @throws HttpError 404 */
  async function getUpdate(petition: Petition, name: string): Promise<Update> {
    const update = (await updates.of(petition)).find((each) => each.name === name)
    if (!update) throw new HttpError(404, 'there is no such update')
    return update
  }
}

const readAttribution: ReadQuery = (query) => ({ repeated: { ...readAttributionQuery(query) } })

const queryOf = (repeated: Repeated) => attributionQuery({ ref: '', source: '', ...repeated })
