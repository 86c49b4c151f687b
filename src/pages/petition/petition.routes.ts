import type { FastifyInstance, FastifyReply } from 'fastify'
import { petitionPath } from '../../petition/paths.ts'
import { isDropped, type Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { negotiate } from '../../platform/i18n/translate.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { ReadQuery } from '../../platform/web/read-query.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { renderPublic } from '../../platform/web/send-page.ts'
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
    return sendHome(reply, negotiate(request.headers['accept-language']), 'accept-language')
  })

  app.get<LanguageParams>('/:lang/', async (request, reply) => {
    return sendHome(reply, request.params.lang)
  })

  const sendHome = (reply: FastifyReply, language: string, vary?: 'accept-language') =>
    answers.send(reply, {
      key: `home ${language}`,
      vary,
      make: async () => renderPublic(reply, 'petition/home.hbs', await viewHome(needs, language)),
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
    return answers.send(reply, {
      key: `petition ${lang} ${slug}`,
      read: readerOf(petition),
      async make({ variant, repeated }) {
        const dropped = variant || undefined
        const attribution = { ref: '', source: '', ...repeated }
        const page = await viewPetition(needs, petition, { language: lang, attribution, dropped })
        return renderPublic(reply, 'petition/petition.hbs', page!)
      },
    })
  })

  app.get<{ Params: { lang: string; slug: string; version: string } }>(
    '/:lang/p/:slug/versions/:version',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang)
      const version = VERSION.test(request.params.version) ? Number(request.params.version) : 0
      if (!petition.texts.get(lang)!.some((text) => text.version === version))
        throw new HttpError(404, 'there is no such version of this text')
      return answers.send(reply, {
        key: `version ${version} ${lang} ${slug}`,
        read: readAttribution,
        async make({ repeated }) {
          const attribution = { ref: '', source: '', ...repeated }
          const page = await viewPetition(needs, petition, { language: lang, attribution, version })
          return renderPublic(reply, 'petition/petition.hbs', page!)
        },
      })
    },
  )
}

const readAttribution: ReadQuery = (query) => ({ repeated: { ...readAttributionQuery(query) } })

const readerOf =
  (petition: Petition): ReadQuery =>
  (query) => {
    const { [DROPPED_QUERY]: was } = query
    const variant = typeof was === 'string' && isDropped(petition, was) ? was : ''
    return { variant, ...readAttribution(query) }
  }
