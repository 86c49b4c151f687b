import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { withdrawPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import { parseEmail } from '../../platform/address/email-address.ts'
import { isDatabaseAway, kindOfAway } from '../../platform/database/unavailable.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Mailer } from '../../platform/mail/mail.ts'
import type { AnswerCache } from '../../platform/web/answer-cache.ts'
import { RETRY_AFTER_SECONDS } from '../../platform/web/http-error.ts'
import type { MakePage } from '../../platform/web/page.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { sayWhyAway } from '../../platform/web/request-log.ts'
import { allowFormTo } from '../../platform/web/security-headers.ts'
import { renderPublic, sendPage } from '../../platform/web/send-page.ts'
import type { Restoring } from '../../restoring/restoring.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { getPetition } from '../get-petition.ts'
import { BEING_RESTORED } from '../refuse-while-closed.ts'
import { findProblem, readAsked } from './read-asked.ts'
import { viewAskWithdrawal } from './view-ask-withdrawal.ts'

type PetitionParams = { Params: { lang: string; slug: string } }

const TEMPLATE = 'withdrawal/ask-withdrawal.hbs'

interface Needs {
  config: { publicUrl: string; mirror?: string }
  mailer: Pick<Mailer, 'isAsciiOnly'>
  inboxUrl: string | null
  makePage: MakePage
  answers: AnswerCache
  petitions: Petitions
  signatures: Signatures
  restoring: Pick<Restoring, 'whyClosed'>
}

/** The form that asks for a link to withdraw: the same answer for anyone. */
export function askWithdrawalRoutes(app: FastifyInstance, needs: Needs): void {
  const { config, mailer, petitions, restoring, signatures } = needs

  app.get<PetitionParams>('/:lang/p/:slug/withdraw', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang, { hidden: 'found' })
    return needs.answers.send(reply, {
      key: `withdraw ${lang} ${slug}`,
      make: () => renderPublic(reply, TEMPLATE, viewAskWithdrawal(needs, petition, lang, {})),
    })
  })

  const asking = { config: { keepsForm: true, answerOtherSite: sendElsewhere } } as const
  app.post<PetitionParams>('/:lang/p/:slug/withdraw', asking, async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang, { hidden: 'found' })
    if (!petition.tagKey) return sendArchived(reply, petition, lang)
    const asked = readAsked(request.body)
    if (asked.isOnlyShown) return sendTyped(reply, petition, lang, asked.typed)
    const { typed } = asked
    if (await restoring.whyClosed())
      return sendAway(request, reply, petition, typed, BEING_RESTORED)
    const asciiOnly = mailer.isAsciiOnly()
    const problem = findProblem(typed, translator(lang), { asciiOnly, asked: asked.before })
    const email = parseEmail(typed)
    if (!email || problem) {
      const page = viewAskWithdrawal(needs, petition, lang, { email: typed, ...problem })
      return sendPage(reply, TEMPLATE, page, { status: 422 })
    }
    try {
      await signatures.requestWithdrawal(petition, lang, email, config.mirror)
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      return sendAway(request, reply, petition, typed, kindOfAway(error as Error))
    }
    return sendPage(reply, TEMPLATE, viewAskWithdrawal(needs, petition, lang, { sent: true }))
  })

  /** The same for anyone: whether the address has signed was not looked up, or is not told. */
  function sendAway(
    request: FastifyRequest,
    reply: FastifyReply,
    petition: Petition,
    email: string,
    why: string,
  ) {
    sayWhyAway(request, why)
    reply.header('retry-after', RETRY_AFTER_SECONDS)
    const { lang } = request.params as PetitionParams['Params']
    const page = viewAskWithdrawal(needs, petition, lang, { email, away: true })
    return sendPage(reply, TEMPLATE, page, { status: 503 })
  }

  function sendArchived(reply: FastifyReply, petition: Petition, language: string) {
    const page = viewAskWithdrawal(needs, petition, language, {})
    return sendPage(reply, TEMPLATE, page, { status: 410 })
  }

  /** An address that is half typed, in another language or come from elsewhere: nothing is judged or looked up. */
  function sendTyped(reply: FastifyReply, petition: Petition, language: string, email: string) {
    if (!email) return redirectWithin(reply, withdrawPath(petition.slug)(language), 303)
    return sendPage(reply, TEMPLATE, viewAskWithdrawal(needs, petition, language, { email }))
  }

  /** By way of another site: the typed address goes along to this one. */
  async function sendElsewhere(request: FastifyRequest, reply: FastifyReply) {
    const { lang, slug } = request.params as PetitionParams['Params']
    const petition = await getPetition(petitions, slug, lang, { hidden: 'found' })
    if (!petition.tagKey) return sendArchived(reply, petition, lang)
    const { typed, isOnlyShown } = readAsked(request.body)
    if (isOnlyShown) return sendTyped(reply, petition, lang, typed)
    const { publicUrl } = config
    const itself = `${publicUrl}${withdrawPath(slug)(lang)}`
    const page = viewAskWithdrawal(needs, petition, lang, { email: typed, itself })
    allowFormTo(reply, publicUrl)
    return sendPage(reply, TEMPLATE, page, { status: 403 })
  }
}
