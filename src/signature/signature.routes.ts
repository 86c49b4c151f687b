import type { FastifyInstance, FastifyReply } from 'fastify'
import { getPetition } from '../petition/get-petition.ts'
import type { SignForm } from '../petition/page/petition.page.ts'
import { petitionPagePart } from '../petition/page/petition-page-part.ts'
import { petitionPath, privacyPath, viewPetition } from '../petition/page/view-petition.ts'
import {
  currentText,
  offersUpdates,
  type Petition,
  petitionState,
  reviewsNames,
} from '../petition/petition.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { formatMoment } from '../platform/i18n/format.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Page } from '../platform/web/page.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { renderPublic, sendPage } from '../platform/web/send-page.ts'
import type { Services } from '../services.ts'
import { readAttribution } from '../sharing/resolve-code.ts'
import { viewSignForm } from './form/sign-form.page.ts'
import { LEFT_OUT, type LeftOut, parseSignForm, type SignFormValues } from './form/sign-form.ts'
import { RETENTION_DAYS } from './mail/remind-pending.ts'
import { signPetition } from './sign-petition.ts'
import { type CheckYourEmailPage, viewSender } from './signature.page.ts'

type PetitionParams = { Params: { lang: string; slug: string } }

const RETRY_AFTER_SECONDS = 30
const KEEPS_FORM = { config: { keepsForm: true } } as const

export function signatureRoutes(app: FastifyInstance, services: Services): void {
  const { db, petitions } = services

  app.post<PetitionParams>('/:lang/p/:slug/signatures', KEEPS_FORM, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const state = petitionState(petition, services.clock)
    if (state === 'closed') return sendClosed(reply, petition, lang)

    const form = parseSignForm(request.body, { asciiOnly: services.mailer.isAsciiOnly() })
    const trapped = services.formTrap.caught(request.body)
    if (!form.ok || trapped || state !== 'open') {
      const { ref, source } = form.values
      const problems = form.ok ? {} : form.problems
      const page = await viewPetition(services, petition, {
        // Of a language that was dropped there is no page any more.
        language: currentText(petition, lang).language,
        attribution: { ref, source },
        form: { values: form.values, problems, trapped },
      })
      const status = state === 'open' || !form.ok ? 422 : 403
      return sendPage(reply, 'petition/petition.hbs', page!, { status })
    }
    try {
      if (await services.whyClosed()) return sendUnavailable(reply, petition, lang, form.values)
      const { ref, source } = form.input
      const attribution = await readAttribution(db, services.keyring, petition.id, { ref, source })
      await signPetition(services, petition, lang, { ...form.input, ...attribution })
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      request.log.error(
        { reqId: request.id, err: error },
        'a signature could not be taken: the database is away',
      )
      return sendUnavailable(reply, petition, lang, form.values)
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

  app.get<PetitionParams>('/:lang/p/:slug/check-your-email', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const query = withoutQuery(readLeftOut(request.query))
    // Every signer comes here: as many in a second as sign.
    return services.answers.send(reply, `check-your-email ${lang} ${slug}${query}`, () => {
      const t = translator(lang)
      const page: CheckYourEmailPage = {
        ...pageFor(petition, lang, 'checkEmail.heading', '/check-your-email', query),
        leftOut: readLeftOut(request.query).map((field) => t(`checkEmail.without.${field}`)),
        sender: viewSender(services.config.mailFrom),
        retentionDays: RETENTION_DAYS,
        inbox: services.inboxUrl,
      }
      return renderPublic(reply, 'signature/check-your-email.hbs', page)
    })
  })

  function sendClosed(reply: FastifyReply, petition: Petition, language: string) {
    const page = {
      ...pageFor(petition, language, 'closed.heading', ''),
      closedOn: formatMoment(petition.closesAt!, language, petition.closesZone),
    }
    return sendPage(reply, 'signature/closed.hbs', page, { status: 410 })
  }

  /** The signature isn't recorded, so everything typed stays in the form to be sent again. */
  function sendUnavailable(
    reply: FastifyReply,
    petition: Petition,
    language: string,
    values: SignFormValues,
  ) {
    const page: Page & { petition: { title: string; href: string }; form: SignForm } = {
      ...pageFor(petition, language, 'unavailable.heading', ''),
      form: viewSignForm({
        language,
        t: translator(language),
        action: `${petitionPath(petition.slug)(language)}/signatures`,
        offersUpdates: offersUpdates(petition),
        namesReviewed: reviewsNames(petition),
        privacyHref: privacyPath(petition.slug)(language),
        textVersion: Number(values.textVersion) || currentText(petition, language).version,
        values,
        problems: {},
        trapped: false,
      }),
    }
    reply.header('retry-after', RETRY_AFTER_SECONDS)
    return sendPage(reply, 'signature/unavailable.hbs', page, { status: 503 })
  }

  function pageFor(
    petition: Petition,
    language: string,
    heading: string,
    below: string,
    query?: string,
  ) {
    const path = (other: string) => `${petitionPath(petition.slug)(other)}${below}`
    return petitionPagePart(services.makePage, petition, { language, heading, path, query })
  }
}

/** `?without=postcode.comment`, or nothing. It tells nothing of who has signed. */
const withoutQuery = (leftOut: LeftOut[]) =>
  leftOut.length > 0 ? `?without=${leftOut.join('.')}` : ''

function readLeftOut(query: unknown): LeftOut[] {
  const given = (query as Record<string, unknown>).without
  const fields = typeof given === 'string' ? given.split('.') : []
  return LEFT_OUT.filter((field) => fields.includes(field))
}
