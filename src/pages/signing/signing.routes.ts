import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FormTrap } from '../../defence/form-trap.ts'
import type { IntakeGuard } from '../../defence/intake.ts'
import { petitionPath } from '../../petition/paths.ts'
import { currentText, petitionState } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import { isDatabaseAway, kindOfAway } from '../../platform/database/unavailable.ts'
import type { Mailer } from '../../platform/mail/mail.ts'
import type { Sender } from '../../platform/mail/mail-settings.ts'
import type { Tally } from '../../platform/measure.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { formText } from '../../platform/web/form-text.ts'
import type { MakePage } from '../../platform/web/page.ts'
import type { ReadQuery } from '../../platform/web/read-query.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { isCrossSite } from '../../platform/web/refuse-requests.ts'
import { sayWhyAway } from '../../platform/web/request-log.ts'
import { renderPublic, sendPage } from '../../platform/web/send-page.ts'
import type { Restoring } from '../../restoring/restoring.ts'
import { attributionQuery, readAttributionQuery } from '../../sharing/attribution.ts'
import {
  type FieldProblems,
  type FORM_OUTCOMES,
  parseSignForm,
  withoutChoices,
} from '../../signature/form/sign-form.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { getPetition } from '../get-petition.ts'
import { isUntouched } from '../petition/sign-form.page.ts'
import { viewPetition } from '../petition/view-petition.ts'
import { sendClosed, sendElsewhere, sendUnavailable } from './give-back-form.ts'
import {
  checkYourEmailPath,
  leftOutQuery,
  readLeftOut,
  viewCheckYourEmail,
} from './view-check-your-email.ts'

/** The name that ALTCHA gives it. */
const PROOF_FIELD = 'altcha'

type PetitionParams = { Params: { lang: string; slug: string } }

type Needs = Parameters<typeof viewPetition>[0] & {
  config: { publicUrl: string; mailFrom: Sender }
  clock: Clock
  mailer: Pick<Mailer, 'isAsciiOnly'>
  inboxUrl: string | null
  makePage: MakePage
  answers: AnswerCache
  formTrap: FormTrap
  intakeGuard: Pick<IntakeGuard, 'weigh' | 'challenge'>
  petitions: Petitions
  signatures: Signatures
  restoring: Pick<Restoring, 'whyClosed'>
  forms: Tally<(typeof FORM_OUTCOMES)[number]>
  formProblems: Tally<keyof FieldProblems>
}

/** The form to sign, and the page that its answer leads to. */
export function signingRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, clock, mailer, makePage, formTrap, petitions, signatures } = needs

  const signing = {
    config: {
      keepsForm: true,
      answerOtherSite: (request: FastifyRequest, reply: FastifyReply) =>
        sendElsewhere(needs, request, reply),
    },
  } as const
  app.post<PetitionParams>('/:lang/p/:slug/signatures', signing, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const state = petitionState(petition, clock)
    if (state === 'closed') {
      needs.forms.note('closed')
      return sendClosed(makePage, reply, petition, lang)
    }

    const form = parseSignForm(request.body, { asciiOnly: mailer.isAsciiOnly() })
    const trapped = formTrap.caught(request.body)
    if (!form.ok || trapped || state !== 'open') {
      const { ref, source } = form.values
      const problems = form.ok ? {} : form.problems
      needs.forms.note(trapped ? 'trapped' : form.ok ? 'not_open' : 'incomplete')
      for (const field of Object.keys(problems)) {
        needs.formProblems.note(field as keyof FieldProblems)
      }
      const page = await viewPetition(needs, petition, {
        // Of a language that was dropped there is no page any more.
        language: currentText(petition, lang).language,
        attribution: { ref, source },
        form: { values: form.values, problems, trapped },
      })
      const status = state === 'open' || !form.ok ? 422 : 403
      return sendPage(reply, 'petition/petition.hbs', page!, { status })
    }
    try {
      if (await needs.restoring.whyClosed()) {
        needs.forms.note('unavailable')
        return sendUnavailable(makePage, reply, petition, lang, form.values)
      }
      const { input } = form
      const proof = formText(request.body)(PROOF_FIELD)
      const coming = { address: request.ip, email: input.email, proof }
      await signatures.sign(petition, lang, input, needs.intakeGuard.weigh(coming))
      needs.forms.note('accepted')
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      sayWhyAway(request, kindOfAway(error as Error))
      needs.forms.note('unavailable')
      return sendUnavailable(makePage, reply, petition, lang, form.values)
    }
    return redirectWithin(
      reply,
      `${checkYourEmailPath(slug)(lang)}${leftOutQuery(form.leftOut)}`,
      303,
    )
  })

  // For the page's solver, once somebody touches the form.
  app.get('/challenge', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    return needs.intakeGuard.challenge(request.ip)
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
