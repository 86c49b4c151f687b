import type { FastifyInstance } from 'fastify'
import type { Petitions } from '../../petition/petitions.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { sumOfPublicFile, VERIFIER } from '../../platform/web/assets.ts'
import { renderPublic } from '../../platform/web/send-page.ts'
import { getPetition } from '../get-petition.ts'
import { type ViewVerifyNeeds, viewVerify } from './view-verify.ts'

interface Needs extends ViewVerifyNeeds {
  petitions: Petitions
  answers: AnswerCache
}

export function verifyRoutes(app: FastifyInstance, needs: Needs): void {
  const { petitions, answers } = needs
  const verifier = { name: VERIFIER, sum: sumOfPublicFile(VERIFIER) }
  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/verify',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang, { hidden: 'found' })
      return answers.send(reply, {
        key: `verify ${lang} ${slug}`,
        make: async () =>
          renderPublic(reply, 'verify.hbs', await viewVerify(needs, petition, lang, verifier)),
      })
    },
  )
}
