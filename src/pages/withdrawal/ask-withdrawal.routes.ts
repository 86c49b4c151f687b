import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { petitionPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { parseEmail } from '../../platform/address/email-address.ts'
import { translator } from '../../platform/i18n/translate.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { policyWithFormTo } from '../../platform/web/security-headers.ts'
import { PUBLIC_CACHE, sendPage } from '../../platform/web/send-page.ts'
import { digestOf } from '../../signature/form/asked-before.ts'
import { requestWithdrawal } from '../../signature/mail/mail-withdrawal.ts'
import type { Site } from '../../site.ts'
import { getPetition } from '../get-petition.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { BEING_RESTORED } from '../refuse-while-closed.ts'
import type { AskWithdrawalPage } from '../signing/signature.page.ts'
import { findProblem, readAsked } from './read-asked.ts'

type PetitionParams = { Params: { lang: string; slug: string } }

/** The form that asks for a link to withdraw: the same answer for anyone. */
export function askWithdrawalRoutes(app: FastifyInstance, site: Site): void {
  const { db, petitions } = site

  app.get<PetitionParams>('/:lang/p/:slug/withdraw', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const page = viewAsk(petition, lang, {})
    return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { cache: PUBLIC_CACHE })
  })

  const asking = { config: { keepsForm: true, answerOtherSite: sendElsewhere } } as const
  app.post<PetitionParams>('/:lang/p/:slug/withdraw', asking, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    if (!petition.tagKey) return sendArchived(reply, petition, lang)
    const asked = readAsked(request.body)
    if (asked.isOnlyShown) return sendTyped(reply, petition, lang, asked.typed)
    if (await site.restoring.whyClosed()) throw new HttpError(503, BEING_RESTORED)
    const { typed } = asked
    const asciiOnly = site.mailer.isAsciiOnly()
    const problem = findProblem(typed, translator(lang), { asciiOnly, asked: asked.before })
    const email = parseEmail(typed)
    if (!email || problem) {
      const page = viewAsk(petition, lang, { email: typed, ...problem })
      return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { status: 422 })
    }
    await db.transaction().execute((trx) => requestWithdrawal(trx, site, petition, lang, email))
    return sendPage(reply, 'signature/ask-withdrawal.hbs', viewAsk(petition, lang, { sent: true }))
  })

  function sendArchived(reply: FastifyReply, petition: Petition, language: string) {
    const page = viewAsk(petition, language, {})
    return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { status: 410 })
  }

  /** An address that is half typed, in another language or come from elsewhere: nothing is judged or looked up. */
  function sendTyped(reply: FastifyReply, petition: Petition, language: string, email: string) {
    if (!email) return redirectWithin(reply, withdrawalPath(petition.slug)(language), 303)
    const page = viewAsk(petition, language, { email })
    return sendPage(reply, 'signature/ask-withdrawal.hbs', page)
  }

  /** By way of another site: what was typed goes along to this one. */
  async function sendElsewhere(request: FastifyRequest, reply: FastifyReply) {
    const { lang, slug } = request.params as PetitionParams['Params']
    const petition = await getPetition(petitions, slug, lang)
    if (!petition.tagKey) return sendArchived(reply, petition, lang)
    const { typed, isOnlyShown } = readAsked(request.body)
    if (isOnlyShown) return sendTyped(reply, petition, lang, typed)
    const { publicUrl } = site.config
    const itself = `${publicUrl}${withdrawalPath(slug)(lang)}`
    const page = viewAsk(petition, lang, { email: typed, itself })
    reply.header('content-security-policy', policyWithFormTo(publicUrl))
    return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { status: 403 })
  }

  function viewAsk(
    petition: Petition,
    language: string,
    form: {
      email?: string
      error?: string
      suggestion?: string
      sent?: boolean
      itself?: string
    },
  ): AskWithdrawalPage {
    const path = withdrawalPath(petition.slug)
    return {
      ...petitionPagePart(site.makePage, petition, {
        language,
        heading: form.itself
          ? 'elsewhere.heading'
          : form.sent
            ? 'askWithdrawal.sentHeading'
            : 'askWithdrawal.heading',
        path,
        typedForm: form.email ? 'withdrawal-form' : null,
      }),
      action: form.itself ?? path(language),
      itself: form.itself ?? null,
      email: form.email ?? '',
      error: form.error ?? null,
      form: { firstWrong: form.error ? 'email' : null },
      suggestion: form.suggestion ?? null,
      asked: form.error ? digestOf(form.email ?? '') : '',
      sent: form.sent ?? false,
      archived: !petition.tagKey,
      inbox: site.inboxUrl,
    }
  }
}

const withdrawalPath = (slug: string) => (language: string) =>
  `${petitionPath(slug)(language)}/withdraw`
