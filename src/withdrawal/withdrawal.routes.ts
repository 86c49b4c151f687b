import type { FastifyInstance } from 'fastify'
import { getPetition } from '../petition/get-petition.ts'
import { petitionPagePart } from '../petition/page/petition-page-part.ts'
import { petitionPath } from '../petition/page/view-petition.ts'
import { hasGuardedFigures, type Petition } from '../petition/petition.ts'
import { type Translate, translator } from '../platform/i18n/translate.ts'
import { needsSmtpUtf8 } from '../platform/mail/parse-mailbox.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { PUBLIC_CACHE, sendPage } from '../platform/web/send-page.ts'
import type { Services } from '../services.ts'
import { digestOf } from '../signature/form/asked-before.ts'
import { cleanAddress, findAddressProblem } from '../signature/form/check-address.ts'
import { parseEmail } from '../signature/form/email-address.ts'
import { findForeignLetter } from '../signature/form/find-foreign-letter.ts'
import { suggestAddress } from '../signature/form/suggest-address.ts'
import { answers, readToken } from '../signature/link-token.ts'
import type { AskWithdrawalPage, WithdrawPage } from '../signature/signature.page.ts'
import { requestWithdrawal } from './mail-withdrawal.ts'
import { withdrawSignature } from './withdraw-signature.ts'
import { findSignature } from './withdrawal.queries.ts'

type TokenParams = { Params: { lang: string; token: string } }
type PetitionParams = { Params: { lang: string; slug: string } }

export function withdrawalRoutes(app: FastifyInstance, services: Services): void {
  const { db, keyring, petitions } = services

  app.get<TokenParams>('/:lang/withdraw/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { petition, withdrawn } = await find(token)
    const path = (other: string) => `/${other}/withdraw/${token}`
    const page: WithdrawPage = {
      ...petitionPagePart(services.makePage, petition, {
        language: offered(petition, lang),
        heading: withdrawn ? 'withdraw.doneHeading' : 'withdraw.heading',
        path,
      }),
      action: path(offered(petition, lang)),
      withdrawn,
      guarded: hasGuardedFigures(petition),
    }
    return sendPage(reply, 'signature/withdraw.hbs', page)
  })

  app.post<TokenParams>('/:lang/withdraw/:token', async (request, reply) => {
    const { lang, token } = request.params
    const { id, petition } = await find(token)
    await db.transaction().execute((trx) => withdrawSignature(trx, services, petition, id))
    return redirectWithin(reply, `/${lang}/withdraw/${token}`, 303)
  })

  app.get<PetitionParams>('/:lang/p/:slug/withdraw', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    const page = viewAsk(petition, lang, {})
    return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { cache: PUBLIC_CACHE })
  })

  app.post<PetitionParams>('/:lang/p/:slug/withdraw', async (request, reply) => {
    const { lang, slug } = request.params
    const petition = await getPetition(petitions, slug, lang)
    if (!petition.tagKey) {
      const page = viewAsk(petition, lang, {})
      return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { status: 410 })
    }
    const text = (name: string) => {
      const value = (request.body as Record<string, unknown> | undefined)?.[name]
      return typeof value === 'string' ? value : ''
    }
    const typed = cleanAddress(text('address') || text('email'))
    const asciiOnly = services.mailer.isAsciiOnly()
    const problem = findProblem(typed, translator(lang), { asciiOnly, asked: text('asked') })
    const email = parseEmail(typed)
    if (!email || problem) {
      const page = viewAsk(petition, lang, { email: typed, ...problem })
      return sendPage(reply, 'signature/ask-withdrawal.hbs', page, { status: 422 })
    }
    await db.transaction().execute((trx) => requestWithdrawal(trx, services, petition, lang, email))
    return sendPage(reply, 'signature/ask-withdrawal.hbs', viewAsk(petition, lang, { sent: true }))
  })

  /** @throws HttpError 404 */
  async function find(token: string) {
    const link = readToken(keyring, 'withdraw', token)
    const signature = link && (await findSignature(db, link.id))
    const petition = signature && (await petitions.findById(signature.petition_id))
    if (!signature || !petition || !answers(signature, link)) {
      throw new HttpError(404, 'this link is of no use (any more)')
    }
    return { id: signature.id, withdrawn: signature.withdrawn_at !== null, petition }
  }

  function viewAsk(
    petition: Petition,
    language: string,
    form: { email?: string; error?: string; suggestion?: string; sent?: boolean },
  ): AskWithdrawalPage {
    const path = (other: string) => `${petitionPath(petition.slug)(other)}/withdraw`
    return {
      ...petitionPagePart(services.makePage, petition, {
        language,
        heading: form.sent ? 'askWithdrawal.sentHeading' : 'askWithdrawal.heading',
        path,
      }),
      action: path(language),
      email: form.email ?? '',
      error: form.error ?? null,
      form: { firstWrong: form.error ? 'email' : null },
      suggestion: form.suggestion ?? null,
      asked: form.error ? digestOf(form.email ?? '') : '',
      sent: form.sent ?? false,
      archived: !petition.tagKey,
      inbox: services.inboxUrl,
    }
  }
}

/**
 * What keeps a mail from getting to the address. What is only odd about it is asked once: whoever signed with it may
 * leave with it.
 */
function findProblem(
  typed: string,
  t: Translate,
  { asciiOnly, asked }: { asciiOnly: boolean; asked: string },
): { error: string; suggestion?: string } | null {
  const letter = findForeignLetter(typed) ?? ''
  if (!parseEmail(typed)) {
    return { error: t(`errors.email.${findAddressProblem(typed) ?? 'invalid'}`, { letter }) }
  }
  if (asciiOnly && needsSmtpUtf8(typed)) return { error: t('errors.email.ascii') }
  if (asked === digestOf(typed)) return null
  if (letter) {
    return { error: `${t('errors.email.letter', { letter })} ${t('askWithdrawal.again')}` }
  }
  const suggestion = suggestAddress(typed)
  return suggestion ? { error: t('errors.email.slip', { suggestion }), suggestion } : null
}

const offered = (petition: Petition, language: string) =>
  petition.settings.languages.includes(language) ? language : petition.settings.languages[0]!
