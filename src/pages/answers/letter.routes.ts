import type { FastifyInstance } from 'fastify'
import type { IntakeGuard } from '../../defence/intake.ts'
import { writePath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import type { ClientAddress } from '../../platform/web/client-address.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import type { Query } from '../../platform/web/read-query.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { renderPublic, sendPage } from '../../platform/web/send-page.ts'
import type { Target } from '../../target/target-state.ts'
import type { Targets } from '../../target/targets.ts'
import { getPetition } from '../get-petition.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import {
  type Choice,
  type LetterView,
  viewLanguageChoices,
  viewLetter,
  viewTargetChoices,
} from './view-letter.ts'

/** GET /:lang/p/:slug/write?to=de&in=de */
interface LetterPage extends Page {
  petition: { title: string; slogan: string; href: string }
  action: string
  targets: Choice[]
  letterLanguages: Choice[]
  to: string
  draft: LetterView | null
  /** How many say that they have written; 0 while few have. */
  letters: number
  sent: boolean
}

interface Needs {
  config: { publicUrl: string }
  clientAddress: ClientAddress
  intakeGuard: Pick<IntakeGuard, 'weighLetter'>
  answers: AnswerCache
  makePage: MakePage
  petitions: Petitions
  targets: Pick<Targets, 'of' | 'letters'>
}

interface LetterRequest {
  Params: { lang: string; slug: string }
  Querystring: Record<string, unknown>
}

interface Found {
  petition: Petition
  all: Target[]
  language: string
}

/** What a query names of what is there. */
interface Chosen {
  target: Target | null
  inLanguage: string | null
  sent: boolean
}

/** A letter to one who is asked, in their country's language. The site neither sends it nor sees it. */
export function letterRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, petitions, targets } = needs
  const path = '/:lang/p/:slug/write'

  app.get<LetterRequest>(path, async (request, reply) => {
    const found = await find(request.params)
    const { petition, language } = found
    const chosen = choose(found, request.query)
    // No cache, the browser's neither, is to know to whom somebody wrote, or that somebody did.
    if (chosen.target || chosen.sent)
      return sendPage(reply, 'answers/write.hbs', await view(found, chosen))
    return needs.answers.send(reply, {
      key: `write ${language} ${petition.slug}`,
      read: () => ({ variant: '' }),
      make: async () => renderPublic(reply, 'answers/write.hbs', await view(found, chosen)),
    })
  })

  async function view(
    { petition, all, language }: Found,
    { target, inLanguage, sent }: Chosen,
  ): Promise<LetterPage> {
    const wanted = { language, inLanguage, publicUrl: config.publicUrl }
    const draft = target && viewLetter(petition, target, wanted)
    return {
      ...petitionPagePart(needs.makePage, petition, {
        language,
        heading: 'write.heading',
        path: writePath(petition.slug),
        query: target ? `?to=${target.word}` : '',
      }),
      action: writePath(petition.slug)(language),
      targets: viewTargetChoices(petition, all, language, target),
      letterLanguages: viewLanguageChoices(petition, draft?.language ?? null),
      to: target?.word ?? '',
      draft,
      letters: await targets.letters.shown(petition),
      sent,
    }
  }

  // Whatever was written, and to whom, stays with the reader.
  app.post<LetterRequest>(path, async (request, reply) => {
    const { petition, language } = await find(request.params)
    if (needs.intakeGuard.weighLetter(needs.clientAddress(request))) {
      await targets.letters.add(petition)
    }
    return redirectWithin(reply, `${writePath(petition.slug)(language)}?sent=yes`, 303)
  })

  /** @throws HttpError 404 where the petition asks nobody */
  async function find({ lang, slug }: LetterRequest['Params']): Promise<Found> {
    const petition = await getPetition(petitions, slug, lang)
    const all = await targets.of(petition)
    if (all.length === 0) throw new HttpError(404, 'this petition names nobody to write to')
    return { petition, all, language: lang }
  }
}

function choose({ petition, all }: Found, { to, in: chosen, sent }: Query): Chosen {
  return {
    target: all.find(({ word }) => word === to) ?? null,
    inLanguage: petition.settings.languages.find((each) => each === chosen) ?? null,
    sent: sent === 'yes',
  }
}
