import type { FastifyInstance } from 'fastify'
import { petitionPath } from '../../petition/paths.ts'
import { isDropped } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { negotiate } from '../../platform/i18n/translate.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { PUBLIC_CACHE, renderPublic, sendPage } from '../../platform/web/send-page.ts'
import { attributionQuery, readAttributionQuery } from '../../sharing/attribution.ts'
import { DROPPED_QUERY, getPetition } from '../get-petition.ts'
import { type ViewHomeNeeds, viewHome } from './view-home.ts'
import { type ViewPetitionNeeds, viewPetition } from './view-petition.ts'

type LanguageParams = { Params: { lang: string } }
type PetitionParams = { Params: { lang: string; slug: string } }

/** A redirect by language; the address itself never changes. */
const REDIRECT_CACHE = 'public, max-age=60'
/** As pages link it, so that each version has one address. */
const VERSION = /^[1-9]\d{0,5}$/

type Needs = ViewHomeNeeds &
  ViewPetitionNeeds & {
    petitions: Petitions
    answers: AnswerCache
  }

export function petitionRoutes(app: FastifyInstance, needs: Needs): void {
  const { petitions, answers } = needs

  app.get('/', async (request, reply) => {
    reply.headers({ vary: 'accept-language', 'cache-control': REDIRECT_CACHE })
    const page = await viewHome(needs, negotiate(request.headers['accept-language']))
    return sendPage(reply, 'petition/home.hbs', page, { cache: PUBLIC_CACHE })
  })

  app.get<LanguageParams>('/:lang/', async (request, reply) => {
    const { lang } = request.params
    return answers.send(reply, `home ${lang}`, async () =>
      renderPublic(reply, 'petition/home.hbs', await viewHome(needs, lang)),
    )
  })

  app.get<{ Params: { slug: string } }>('/p/:slug', async (request, reply) => {
    const petition = await getPetition(petitions, request.params.slug)
    const language = negotiate(request.headers['accept-language'], petition.settings.languages)
    const query = attributionQuery(readAttributionQuery(request.query))
    reply.headers({ vary: 'accept-language', 'cache-control': REDIRECT_CACHE })
    return redirectWithin(reply, `${petitionPath(petition.slug)(language)}${query}`, 302)
  })

  app.get<PetitionParams>('/:lang/p/:slug', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const attribution = readAttributionQuery(request.query)
    const { [DROPPED_QUERY]: was } = request.query as Record<string, unknown>
    const dropped = typeof was === 'string' && isDropped(petition, was) ? was : undefined
    const query = attributionQuery(attribution)
    const make = async () => {
      const page = await viewPetition(needs, petition, { language: lang, attribution, dropped })
      return renderPublic(reply, 'petition/petition.hbs', page!)
    }
    const key = `petition ${lang} ${slug} ${query} ${dropped ?? ''}`
    return answers.send(reply, key, make, query ? 'attributed' : 'plain')
  })

  app.get<{ Params: { lang: string; slug: string; version: string } }>(
    '/:lang/p/:slug/versions/:version',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang)
      const attribution = readAttributionQuery(request.query)
      const version = VERSION.test(request.params.version) ? Number(request.params.version) : 0
      const options = { language: lang, attribution, version }
      const page = await viewPetition(needs, petition, options)
      if (!page) throw new HttpError(404, 'there is no such version of this text')
      return sendPage(reply, 'petition/petition.hbs', page, { cache: PUBLIC_CACHE })
    },
  )
}
