import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Counts } from '../../count/counts.ts'
import { petitionPath, withdrawPath } from '../../petition/paths.ts'
import { currentText, type Petition, takesConfirmations } from '../../petition/petition.ts'
import type { Petitions } from '../../petition/petitions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { answers, type LinkToken, makeToken, readToken } from '../../platform/link-token.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import type { MakePage } from '../../platform/web/page.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { PRIVATE_CACHE, sendPage } from '../../platform/web/send-page.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'
import type { Sharing } from '../../sharing/sharing.ts'
import type { Signatures } from '../../signature/signatures.ts'
import { getPetition } from '../get-petition.ts'
import { thankedAt } from '../thanks.routes.ts'
import {
  viewConfirm,
  viewGone,
  viewOpening,
  viewRejected,
  viewReplaced,
  type WhyGone,
} from './view-confirmation.ts'
import { signaturePath } from './view-receipt.ts'

const whyNot = ({ hiddenAt }: Petition): WhyGone => (hiddenAt ? 'hidden' : 'closed')

type TokenParams = { Params: { lang: string; token: string } }

const DECISIONS = ['confirm', 'reject', 'replace'] as const

interface Needs {
  clock: Clock
  keyring: Keyring
  counts: Counts
  makePage: MakePage
  petitions: Petitions
  sharing: Sharing
  signatures: Signatures
}

/** Behind the link in the mail: confirm the signature, reject it, or replace the name and comment of an earlier one. */
export function confirmationRoutes(app: FastifyInstance, needs: Needs): void {
  const { clock, keyring, makePage, petitions, signatures } = needs

  // Mail scanners and link previews follow this as often as they like: nothing changes.
  app.get<TokenParams>('/:lang/confirm/:token', async (request, reply) => {
    const { lang: language, token } = request.params
    const link = readToken(keyring, 'confirm', token)
    if (!link) return sendGone(reply, language, 'unknown', null)
    const { submission, signature } = await signatures.findConfirmable(link.id)
    const row = signature ?? submission
    const petition = row && (await petitions.findById(row.petition_id))
    if (!row || !petition || !answers(row, link)) return sendGone(reply, language, 'expired', null)
    if (signature) {
      if (signature.state !== 'confirmed') return sendGone(reply, language, 'expired', null)
      reply.header('cache-control', PRIVATE_CACHE)
      const receipt = makeToken(keyring, 'receipt', signature)
      return redirectWithin(reply, signaturePath(language, receipt), 303)
    }
    if (!takesConfirmations(petition, clock))
      return sendGone(reply, language, whyNot(petition), petition)
    const details = decryptDetails(keyring, submission!.details)
    const confirmable = { petition, submission: submission!, details }
    const before = await signatures.findOfMailbox(petition, details)
    const page = viewConfirm(makePage, { language, token }, confirmable, before)
    return sendPage(reply, 'confirmation/confirm.hbs', page)
  })

  app.post<TokenParams>('/:lang/confirm/:token', async (request, reply) => {
    const { lang, token } = request.params
    const link = readToken(keyring, 'confirm', token)
    const { decision, opening } = (request.body ?? {}) as Record<string, unknown>
    if (!DECISIONS.some((known) => known === decision)) {
      throw new HttpError(400, `decision must be one of ${DECISIONS.join(', ')}`)
    }
    if (!link) return sendGone(reply, lang, 'unknown', null)
    if (decision === 'reject') return reject(reply, lang, link)
    if (decision === 'replace') return replace(reply, lang, link)
    const result = await signatures.confirm(link)
    if (result.outcome === 'gone') return sendGone(reply, lang, 'expired', null)
    const { petition } = result
    if (result.outcome === 'closed') return sendGone(reply, lang, whyNot(petition), petition)
    // The link's own page now says that this mailbox has signed, and offers to replace its name and comment.
    if (result.outcome === 'already signed')
      return redirectWithin(reply, `/${lang}/confirm/${token}`, 303)
    const { language } = currentText(petition, lang)
    const thanksHref = await thankedAt(needs, petition, language, link)
    if (opening !== 'yes') {
      reply.header('cache-control', PRIVATE_CACHE)
      return redirectWithin(reply, thanksHref, 303)
    }
    const submission = result.outcome === 'confirmed' ? result.submission : null
    const { address } = result.outcome === 'confirmed' ? result.submission : result
    const receipt = makeToken(keyring, 'receipt', { id: link.id, address })
    const page = viewOpening(
      makePage,
      petition,
      submission && { submission, details: decryptDetails(keyring, submission.details) },
      { language, thanksHref, signatureHref: signaturePath(language, receipt) },
    )
    return sendPage(reply, 'receipt/opening.hbs', page)
  })

  async function reject(reply: FastifyReply, language: string, link: LinkToken) {
    const result = await signatures.reject(link)
    // The same page when it was gone already: the wish is met either way.
    if (result.outcome !== 'already confirmed')
      return redirectWithin(reply, `/${language}/removed`, 303)
    // A confirm token must not become one that withdraws: that link goes by mail.
    const petition = (await petitions.findById(result.petitionId))!
    const shown = currentText(petition, language).language
    return redirectWithin(reply, withdrawPath(petition.slug)(shown), 303)
  }

  async function replace(reply: FastifyReply, language: string, link: LinkToken) {
    const { replaced, petition } = await signatures.replaceShown(link)
    if (!replaced) return sendGone(reply, language, 'expired', petition)
    const shown = currentText(petition!, language).language
    return redirectWithin(reply, `${petitionPath(petition!.slug)(shown)}/replaced`, 303)
  }

  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/replaced',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang)
      return sendPage(reply, 'confirmation/replaced.hbs', viewReplaced(makePage, petition, lang))
    },
  )

  app.get<{ Params: { lang: string } }>('/:lang/removed', async (request, reply) =>
    sendPage(reply, 'confirmation/rejected.hbs', viewRejected(makePage, request.params.lang)),
  )

  function sendGone(
    reply: FastifyReply,
    language: string,
    reason: WhyGone,
    petition: Petition | null,
  ) {
    const page = viewGone(makePage, language, reason, petition)
    return sendPage(reply, 'confirmation/gone.hbs', page, {
      status: reason === 'unknown' ? 404 : 410,
    })
  }
}
