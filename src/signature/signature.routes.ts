import type { FastifyInstance, FastifyReply } from 'fastify'
import { fellIntoTrap } from '../defence/form-trap.ts'
import { getPetition } from '../petition/get-petition.ts'
import type { SignForm } from '../petition/page/petition.page.ts'
import { petitionPagePart } from '../petition/page/petition-page-part.ts'
import { petitionPath, privacyPath, viewPetition } from '../petition/page/view-petition.ts'
import { currentText, offersUpdates, type Petition, petitionState } from '../petition/petition.ts'
import { isDatabaseAway } from '../platform/database/unavailable.ts'
import { formatMoment } from '../platform/i18n/format.ts'
import { translator } from '../platform/i18n/translate.ts'
import type { Page } from '../platform/web/page.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { renderPublic, sendPage } from '../platform/web/send-page.ts'
import type { Services } from '../services.ts'
import { readAttribution } from '../sharing/resolve-code.ts'
import { viewSignForm } from './form/sign-form.page.ts'
import { parseSignForm, type SignFormValues } from './form/sign-form.ts'
import { readSender } from './mail/read-sender.ts'
import { RETENTION_DAYS } from './mail/remind-pending.ts'
import { signPetition } from './sign-petition.ts'
import type { CheckYourEmailPage } from './signature.page.ts'

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

    const form = parseSignForm(request.body)
    if (!form.ok || state !== 'open') {
      const attribution = { ref: form.values.ref, source: form.values.source }
      const returned = form.ok ? undefined : form
      const page = await viewPetition(services, petition, {
        language: lang,
        attribution,
        form: returned,
      })
      return sendPage(reply, 'petition/petition.hbs', page!, { status: form.ok ? 403 : 422 })
    }
    if (!(services.config.limits && fellIntoTrap(request.body))) {
      try {
        if (await services.whyClosed()) return sendUnavailable(reply, petition, lang, form.values)
        const { ref, source } = form.input
        const attribution = await readAttribution(db, services.keyring, petition.id, {
          ref,
          source,
        })
        const input = { ...form.input, ...attribution }
        await signPetition(services, petition, lang, input)
      } catch (error) {
        if (!isDatabaseAway(error)) throw error
        request.log.error(
          { reqId: request.id, err: error },
          'a signature could not be taken: the database is away',
        )
        return sendUnavailable(reply, petition, lang, form.values)
      }
    }
    return redirectWithin(reply, `${petitionPath(slug)(lang)}/check-your-email`, 303)
  })

  app.get<PetitionParams>('/:lang/p/:slug/check-your-email', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    // Every signer comes here: as many in a second as sign.
    return services.answers.send(reply, `check-your-email ${lang} ${slug}`, () => {
      const page: CheckYourEmailPage = {
        ...pageFor(petition, lang, 'checkEmail.heading', '/check-your-email'),
        sender: readSender(services.config.mailFrom),
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
        privacyHref: privacyPath(petition.slug)(language),
        textVersion: Number(values.textVersion) || currentText(petition, language).version,
        values,
        problems: {},
      }),
    }
    reply.header('retry-after', RETRY_AFTER_SECONDS)
    return sendPage(reply, 'signature/unavailable.hbs', page, { status: 503 })
  }

  function pageFor(petition: Petition, language: string, heading: string, below: string) {
    const path = (other: string) => `${petitionPath(petition.slug)(other)}${below}`
    return petitionPagePart(services.makePage, petition, { language, heading, path })
  }
}
