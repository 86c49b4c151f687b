import type { FastifyInstance } from 'fastify'
import { answersPath, writePath } from '../../petition/paths.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import type { ReadQuery } from '../../platform/web/read-query.ts'
import { renderPublic } from '../../platform/web/send-page.ts'
import type { Target } from '../../target/target-state.ts'
import type { Targets } from '../../target/targets.ts'
import { getPetition } from '../get-petition.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { type Board, viewBoard } from './view-board.ts'

/** GET /:lang/p/:slug/answers?country=DE */
interface AnswersPage extends Page {
  petition: { title: string; slogan: string; href: string }
  board: Board | null
  /** Where a letter to one of them begins. */
  writeHref: string
}

interface Needs {
  clock: Clock
  petitions: Petitions
  targets: Pick<Targets, 'of'>
  answers: AnswerCache
  makePage: MakePage
}

/** All who are asked, or those of one country: a list that is sent as a form needs no script. */
export function answersRoutes(app: FastifyInstance, needs: Needs): void {
  const { clock, petitions, answers, targets } = needs
  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/answers',
    async (request, reply) => {
      const { lang: language, slug } = request.params
      const petition = await getPetition(petitions, slug, language)
      const all = await targets.of(petition)
      return answers.send(reply, {
        key: `answers ${language} ${slug}`,
        read: countryOf(all),
        make: ({ variant }) => {
          const shown = { language, now: clock.now(), brief: false }
          const country = variant || undefined
          const page: AnswersPage = {
            ...petitionPagePart(needs.makePage, petition, {
              language,
              heading: 'answers.heading',
              path: answersPath(slug),
              query: country ? `?country=${country}` : '',
            }),
            writeHref: writePath(slug)(language),
            board: viewBoard(petition, all, country ? { ...shown, country } : shown),
          }
          return renderPublic(reply, 'answers/answers.hbs', page)
        },
      })
    },
  )
}

/** Only countries that have a target choose a page: no others are made, or kept. */
const countryOf = (targets: Target[]): ReadQuery => {
  const countries = new Set(targets.map(({ country }) => country))
  return ({ country }) => ({
    variant: typeof country === 'string' && countries.has(country) ? country : '',
  })
}
