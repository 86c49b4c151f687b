import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IntakeGuard } from '../../defence/intake.ts'
import { petitionPath } from '../../petition/paths.ts'
import { currentText } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Sender } from '../../platform/mail/mail-settings.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import type { MakePage } from '../../platform/web/page.ts'
import type { Query, ReadQuery } from '../../platform/web/read-query.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { isCrossSite } from '../../platform/web/refuse-requests.ts'
import { renderPublic, sendPage } from '../../platform/web/send-page.ts'
import { attributionQuery, readAttributionQuery } from '../../sharing/attribution.ts'
import { parseSignForm, withoutChoices } from '../../signature/form/sign-form.ts'
import { getPetition } from '../get-petition.ts'
import { isUntouched } from '../petition/sign-form.page.ts'
import { viewPetition } from '../petition/view-petition.ts'
import { sendClosed, sendElsewhere, sendPaused, sendUnavailable } from './give-back-form.ts'
import { type TakeFormNeeds, takeForm } from './take-form.ts'
import {
  checkYourEmailPath,
  leftOutQuery,
  readLeftOut,
  viewCheckYourEmail,
} from './view-check-your-email.ts'

type PetitionParams = { Params: { lang: string; slug: string } }

type Needs = Parameters<typeof viewPetition>[0] &
  TakeFormNeeds & {
    config: { publicUrl: string; mailFrom: Sender }
    inboxUrl: string | null
    makePage: MakePage
    answers: AnswerCache
    intakeGuard: Pick<IntakeGuard, 'weigh' | 'challenge'>
    petitions: Petitions
  }

/** The form to sign, and the page that its answer leads to. */
export function signingRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, makePage, petitions } = needs

  const signing = {
    config: {
      keepsForm: true,
      answerOtherSite: (request: FastifyRequest, reply: FastifyReply) =>
        sendElsewhere(needs, request, reply, request.params as PetitionParams['Params']),
    },
  } as const
  app.post<PetitionParams>('/:lang/p/:slug/signatures', signing, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    // Of a language that was dropped there is no page any more.
    const { language } = currentText(petition, lang)
    return takeForm(needs, request, petition, lang, {
      closed: () => sendClosed(makePage, reply, petition, lang),
      paused: (values) => sendPaused(makePage, reply, petition, language, values),
      async again(form, status) {
        const { ref, source } = form.values
        const page = await viewPetition(needs, petition, {
          language,
          attribution: { ref, source },
          form,
        })
        return sendPage(reply, 'petition/petition.hbs', page!, { status })
      },
      unavailable: (values) => sendUnavailable(makePage, reply, petition, lang, values),
      accepted: (leftOut) =>
        redirectWithin(reply, `${checkYourEmailPath(slug)(lang)}${leftOutQuery(leftOut)}`, 303),
    })
  })

  // Once somebody touches the form, and at the press of its button.
  app.get('/challenge', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const had = readHad(request.query as Query)
    return needs.intakeGuard.challenge(needs.clientAddress(request), had)
  })

  // A tab that a browser restores, or a reload by the address bar, after the form came back with errors.
  app.get<PetitionParams>('/:lang/p/:slug/signatures', async (request, reply) => {
    const { lang, slug } = request.params
    await getPetition(petitions, slug, lang)
    return redirectWithin(reply, petitionPath(slug)(lang), 302)
  })

  // A form that is half filled in, in another language or come from elsewhere: nothing is judged or stored.
  const showing = { config: { keepsForm: true, fromAnySite: true } } as const
  app.post<PetitionParams>('/:lang/p/:slug', showing, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const { language } = currentText(petition, lang)
    const typed = parseSignForm(request.body).values
    const values = isCrossSite(request, config.publicUrl) ? withoutChoices(typed) : typed
    const attribution = readAttributionQuery(values)
    if (isUntouched(values)) {
      const path = `${petitionPath(slug)(language)}${attributionQuery(attribution)}`
      return redirectWithin(reply, path, 303)
    }
    const options = { language, attribution, form: { values } }
    const page = await viewPetition(needs, petition, options)
    return sendPage(reply, 'petition/petition.hbs', page!)
  })

  app.get<PetitionParams>('/:lang/p/:slug/check-your-email', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const leftOut = readLeftOut(request.query)
    // Every signer comes here: as many in a second as sign.
    return needs.answers.send(reply, {
      key: `check-your-email ${lang} ${slug}`,
      read: readVariant,
      make: () =>
        renderPublic(
          reply,
          'signing/check-your-email.hbs',
          viewCheckYourEmail(needs, petition, lang, leftOut),
        ),
    })
  })
}

const readVariant: ReadQuery = (query) => ({ variant: leftOutQuery(readLeftOut(query)) })

/** Work of the proof that a page has already. */
const readHad = ({ had }: Query): number =>
  typeof had === 'string' && /^\d{1,6}$/.test(had) ? Number(had) : 0
