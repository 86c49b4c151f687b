import type { FastifyInstance } from 'fastify'
import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { HttpError, plainMessages } from '../../platform/web/http-error.ts'
import { renderPublic } from '../../platform/web/send-page.ts'
import { getPetition } from '../get-petition.ts'
import { type ViewPeopleNeeds, viewComments, viewNames } from './view-people.ts'

interface PageRequest {
  Params: { lang: string; slug: string; after?: string }
}

/** All public names and all approved comments of a petition, paged by links. */
export function peopleRoutes(
  app: FastifyInstance,
  needs: ViewPeopleNeeds & { petitions: Petitions; answers: AnswerCache },
): void {
  const { petitions, answers, signatures } = needs
  for (const [name, view] of [
    ['names', viewNames],
    ['comments', viewComments],
  ] as const) {
    for (const path of [`/:lang/p/:slug/${name}`, `/:lang/p/:slug/${name}/:after`]) {
      app.get<PageRequest>(path, async (request, reply) => {
        const { lang: language, slug, after = null } = request.params
        const petition: Petition = await getPetition(petitions, slug, language)
        // What nobody was given makes no answer, so that made-up addresses fill no cache.
        if (after !== null && !signatures.publicPages.isMark(after))
          throw new HttpError(404, plainMessages[404]!)
        return answers.send(reply, {
          key: `${name} ${language} ${slug} ${after ?? ''}`,
          make: async () =>
            renderPublic(
              reply,
              `people/${name}.hbs`,
              await view(needs, petition, { language, after }),
            ),
        })
      })
    }
  }
}
