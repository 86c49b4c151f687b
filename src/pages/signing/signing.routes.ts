import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { petitionPath } from '../../petition/paths.ts'
import { currentText, petitionState } from '../../petition/petition.ts'
import { isDatabaseAway } from '../../platform/database/unavailable.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { isCrossSite } from '../../platform/web/refuse-requests.ts'
import { renderPublic, sendPage } from '../../platform/web/send-page.ts'
import {
  attributionQuery,
  readAttribution,
  readAttributionQuery,
} from '../../sharing/attribution.ts'
import {
  LEFT_OUT,
  type LeftOut,
  parseSignForm,
  withoutChoices,
} from '../../signature/form/sign-form.ts'
import { RETENTION_DAYS } from '../../signature/mail/remind-pending.ts'
import { signPetition } from '../../signature/sign-petition.ts'
import type { Site } from '../../site.ts'
import { getPetition } from '../get-petition.ts'
import { isUntouched } from '../petition/sign-form.page.ts'
import { viewPetition } from '../petition/view-petition.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { sendClosed, sendElsewhere, sendUnavailable } from './give-back-form.ts'
import { type CheckYourEmailPage, viewSender } from './signature.page.ts'

type PetitionParams = { Params: { lang: string; slug: string } }

export function signingRoutes(app: FastifyInstance, site: Site): void {
  const { db, petitions } = site

  const signing = {
    config: {
      keepsForm: true,
      answerOtherSite: (request: FastifyRequest, reply: FastifyReply) =>
        sendElsewhere(site, request, reply),
    },
  } as const
  app.post<PetitionParams>('/:lang/p/:slug/signatures', signing, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const state = petitionState(petition, site.clock)
    if (state === 'closed') return sendClosed(site, reply, petition, lang)

    const form = parseSignForm(request.body, { asciiOnly: site.mailer.isAsciiOnly() })
    const trapped = site.formTrap.caught(request.body)
    if (!form.ok || trapped || state !== 'open') {
      const { ref, source } = form.values
      const problems = form.ok ? {} : form.problems
      const page = await viewPetition(site, petition, {
        // Of a language that was dropped there is no page any more.
        language: currentText(petition, lang).language,
        attribution: { ref, source },
        form: { values: form.values, problems, trapped },
      })
      const status = state === 'open' || !form.ok ? 422 : 403
      return sendPage(reply, 'petition/petition.hbs', page!, { status })
    }
    try {
      if (await site.restoring.whyClosed())
        return sendUnavailable(site, reply, petition, lang, form.values)
      const { ref, source } = form.input
      const attribution = await readAttribution(db, site.keyring, petition.id, { ref, source })
      await signPetition(site, petition, lang, { ...form.input, ...attribution })
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      request.log.error(
        { reqId: request.id, err: error },
        'a signature could not be taken: the database is away',
      )
      return sendUnavailable(site, reply, petition, lang, form.values)
    }
    const next = `${petitionPath(slug)(lang)}/check-your-email`
    return redirectWithin(reply, `${next}${withoutQuery(form.leftOut)}`, 303)
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
    const values = isCrossSite(request, site.config.publicUrl) ? withoutChoices(typed) : typed
    const attribution = readAttributionQuery(values)
    if (isUntouched(values)) {
      const path = `${petitionPath(slug)(language)}${attributionQuery(attribution)}`
      return redirectWithin(reply, path, 303)
    }
    const options = { language, attribution, form: { values } }
    const page = await viewPetition(site, petition, options)
    return sendPage(reply, 'petition/petition.hbs', page!)
  })

  app.get<PetitionParams>('/:lang/p/:slug/check-your-email', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const query = withoutQuery(readLeftOut(request.query))
    // Every signer comes here: as many in a second as sign.
    return site.answers.send(reply, `check-your-email ${lang} ${slug}${query}`, () => {
      const t = translator(lang)
      const page: CheckYourEmailPage = {
        ...petitionPagePart(site.makePage, petition, {
          language: lang,
          heading: 'checkEmail.heading',
          path: (other) => `${petitionPath(slug)(other)}/check-your-email`,
          query,
        }),
        leftOut: readLeftOut(request.query).map((field) => t(`checkEmail.without.${field}`)),
        sender: viewSender(site.config.mailFrom),
        retentionDays: RETENTION_DAYS,
        inbox: site.inboxUrl,
      }
      return renderPublic(reply, 'signature/check-your-email.hbs', page)
    })
  })
}

/** `?without=postcode.comment`, or nothing. It tells nothing of who has signed. */
const withoutQuery = (leftOut: LeftOut[]) =>
  leftOut.length > 0 ? `?without=${leftOut.join('.')}` : ''

function readLeftOut(query: unknown): LeftOut[] {
  const given = (query as Record<string, unknown>).without
  const fields = typeof given === 'string' ? given.split('.') : []
  return LEFT_OUT.filter((field) => fields.includes(field))
}
