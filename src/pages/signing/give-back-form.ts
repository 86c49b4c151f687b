import type { FastifyReply, FastifyRequest } from 'fastify'
import { petitionPath, privacyPath } from '../../petition/paths.ts'
import {
  currentText,
  offersUpdates,
  type Petition,
  petitionState,
  reviewsNames,
} from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { policyWithFormTo } from '../../platform/web/security-headers.ts'
import { sendPage } from '../../platform/web/send-page.ts'
import {
  parseSignForm,
  type SignFormValues,
  withoutChoices,
} from '../../signature/form/sign-form.ts'
import { getPetition } from '../get-petition.ts'
import { type SignForm, viewSignForm } from '../petition/sign-form.page.ts'
import { petitionPagePart } from '../petition-page-part.ts'

const RETRY_AFTER_SECONDS = 30

type FormPage = Page & { petition: { title: string; href: string }; form: SignForm }

/** A form that can't be taken any more, and so isn't given back. */
export function sendClosed(
  makePage: MakePage,
  reply: FastifyReply,
  petition: Petition,
  language: string,
) {
  const page = {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'closed.heading',
      path: petitionPath(petition.slug),
    }),
    closedOn: formatMoment(petition.closesAt!, language, petition.closesZone),
  }
  return sendPage(reply, 'signing/closed.hbs', page, { status: 410 })
}

/** The signature isn't recorded, so everything typed stays in the form to be sent again. */
export function sendUnavailable(
  makePage: MakePage,
  reply: FastifyReply,
  petition: Petition,
  language: string,
  values: SignFormValues,
) {
  const page = viewFormPage(makePage, petition, language, values, 'unavailable.heading')
  reply.header('retry-after', RETRY_AFTER_SECONDS)
  return sendPage(reply, 'signing/unavailable.hbs', page, { status: 503 })
}

/**
 * A translation service or a browser within an app stands between: the typed fields go along to the site
 * itself, where they can be sent. The choices are made there.
 */
export async function sendElsewhere(
  {
    config: { publicUrl },
    clock,
    makePage,
    petitions,
  }: {
    config: { publicUrl: string }
    clock: Clock
    makePage: MakePage
    petitions: Petitions
  },
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { lang, slug } = request.params as { lang: string; slug: string }
  const petition = await getPetition(petitions, slug, lang)
  if (petitionState(petition, clock) === 'closed') {
    return sendClosed(makePage, reply, petition, lang)
  }
  const { language } = currentText(petition, lang)
  const itself = `${publicUrl}${petitionPath(slug)(language)}`
  const values = withoutChoices(parseSignForm(request.body).values)
  const page = viewFormPage(makePage, petition, language, values, 'elsewhere.heading')
  reply.header('content-security-policy', policyWithFormTo(publicUrl))
  return sendPage(
    reply,
    'signing/elsewhere.hbs',
    { ...page, itself, form: { ...page.form, action: itself } },
    { status: 403 },
  )
}

/** The form as it was typed, on a page that isn't the petition's. */
function viewFormPage(
  makePage: MakePage,
  petition: Petition,
  language: string,
  values: SignFormValues,
  heading: string,
): FormPage {
  const path = petitionPath(petition.slug)
  return {
    ...petitionPagePart(makePage, petition, { language, heading, path, typedForm: 'sign-form' }),
    form: viewSignForm({
      language,
      t: translator(language),
      action: `${path(language)}/signatures`,
      offersUpdates: offersUpdates(petition),
      namesReviewed: reviewsNames(petition),
      privacyHref: privacyPath(petition.slug)(language),
      textVersion: Number(values.textVersion) || currentText(petition, language).version,
      values,
      problems: {},
      trapped: false,
    }),
  }
}
