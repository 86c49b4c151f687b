import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import { mediaTypes } from '../count/write-counts.ts'
import { getPetition } from '../pages/get-petition.ts'
import { currentText } from '../petition/petition.ts'
import { FIGURES_CACHE, sendCacheable } from '../platform/web/send-page.ts'
import type { Site } from '../site.ts'
import {
  answersOf,
  answersOfList,
  PetitionAnswer,
  PetitionsAnswer,
  SlugParams,
  TitleQuery,
} from './api.schemas.ts'
import { describePetition } from './describe-petition.ts'

type TitleParams = { Querystring: Static<typeof TitleQuery> }

/** The schemas check what comes in and make the docs; bodies are written here, for their ETag. */
export function petitionsApi(api: FastifyInstance, site: Site): void {
  api.get<TitleParams>(
    '/v1/petitions',
    {
      schema: {
        operationId: 'listPetitions',
        summary: 'Every petition with its count',
        querystring: TitleQuery,
        response: answersOfList('application/json', 'Every petition', PetitionsAnswer),
      },
    },
    async (request, reply) => {
      const { lang = '' } = request.query
      const all = await site.petitions.all()
      const petitions = await Promise.all(all.map((one) => describePetition(site, one, lang)))
      return sendCacheable(reply.type(mediaTypes.json), JSON.stringify({ petitions }))
    },
  )

  api.get<TitleParams & { Params: Static<typeof SlugParams> }>(
    '/v1/petitions/:slug',
    {
      schema: {
        operationId: 'getPetition',
        summary: 'One petition with its count',
        params: SlugParams,
        querystring: TitleQuery,
        response: answersOf('application/json', 'The petition', PetitionAnswer),
      },
    },
    async (request, reply) => {
      const { lang = '' } = request.query
      const petition = await getPetition(site.petitions, request.params.slug)
      const { language } = currentText(petition, lang)
      return site.answers.send(reply, `api petition ${petition.slug} ${language}`, async () => ({
        body: JSON.stringify(await describePetition(site, petition, language)),
        headers: {
          'content-type': mediaTypes.json,
          'content-language': language,
          'cache-control': FIGURES_CACHE,
        },
      }))
    },
  )
}
