import type { FastifyReply, FastifyRequest } from 'fastify'
import { petitionPath } from '../../petition/paths.ts'
import { currentText, hasEnded, type Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { allowFormTo } from '../../platform/web/security-headers.ts'
import { sendPage } from '../../platform/web/send-page.ts'
import {
  parseSignForm,
  type SignFormValues,
  withoutChoices,
} from '../../signature/form/sign-form.ts'
import { getPetition } from '../get-petition.ts'
import { type SignForm, viewSignForm } from '../petition/sign-form.page.ts'
import { viewPause } from '../petition/view-stage.ts'
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

/** The organisers take no forms for the moment: everything typed stays in the form, to be sent later. */
export function sendPaused(
  makePage: MakePage,
  reply: FastifyReply,
  petition: Petition,
  language: string,
  values: SignFormValues,
) {
  const page = viewFormPage(makePage, petition, language, values, 'petition.paused.heading')
  const paused = viewPause(petition, page.language)
  return sendPage(reply, 'signing/paused.hbs', { ...page, paused }, { status: 403 })
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
  { lang, slug, target = '_top' }: { lang: string; slug: string; target?: string },
) {
  const petition = await getPetition(petitions, slug, lang)
  if (hasEnded(petition, clock)) {
    return sendClosed(makePage, reply, petition, lang)
  }
  const { language } = currentText(petition, lang)
  const itself = `${publicUrl}${petitionPath(slug)(language)}`
  const values = withoutChoices(parseSignForm(request.body).values)
  const page = viewFormPage(makePage, petition, language, values, 'elsewhere.heading')
  allowFormTo(reply, publicUrl)
  return sendPage(
    reply,
    'signing/elsewhere.hbs',
    // The button that Enter presses stands in the head of the page.
    { ...page, itself, target, form: { ...page.form, action: itself } },
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
    form: viewSignForm(petition, {
      language,
      action: `${path(language)}/signatures`,
      textVersion: Number(values.textVersion) || currentText(petition, language).version,
      values,
      problems: {},
      trapped: false,
    }),
  }
}
