import type { FastifyInstance, FastifyReply } from 'fastify'
import { decodeText } from '../log/core/bytes/text.ts'
import { formatOpening, type Opening } from '../log/core/receipt/opening.ts'
import type { OpeningPage } from '../log/receipt/receipt.page.ts'
import { signaturePath } from '../log/receipt/receipt.routes.ts'
import { petitionPagePart } from '../petition/page/petition-page-part.ts'
import { petitionPath } from '../petition/page/view-petition.ts'
import {
  currentText,
  offersUpdates,
  type Petition,
  takesConfirmations,
} from '../petition/petition.ts'
import { translator } from '../platform/i18n/translate.ts'
import { HttpError } from '../platform/web/http-error.ts'
import { redirectWithin } from '../platform/web/redirect-within.ts'
import { sendPage } from '../platform/web/send-page.ts'
import { decryptDetails } from '../sealing/signer-details.ts'
import type { Services } from '../services.ts'
import { personalCode } from '../sharing/share-code.ts'
import { countryName } from '../signature/form/countries.ts'
import { makeToken, readToken } from '../signature/link-token.ts'
import { publicName } from '../signature/public-name.ts'
import type { ConfirmOutcome } from './confirm-signatures.ts'
import type { ConfirmationGonePage, ConfirmPage, RejectedPage } from './confirmation.page.ts'
import { findSignature, type SignatureToConfirm } from './confirmation.queries.ts'
import { rejectSignature } from './reject-signature.ts'
import { shownDigest } from './shown-digest.ts'

type TokenParams = { Params: { lang: string; token: string } }

export function confirmationRoutes(app: FastifyInstance, services: Services): void {
  const { db, keyring, petitions, clock } = services

  // Mail scanners and link previews follow this as often as they like: nothing changes.
  app.get<TokenParams>('/:lang/confirm/:token', async (request, reply) => {
    const { lang, token } = request.params
    const id = readToken(keyring, 'confirm', token)
    const signature = id && (await findSignature(db, id))
    const petition = signature && (await petitions.findById(signature.petition_id))
    if (
      !signature ||
      !petition ||
      signature.state === 'withdrawn' ||
      signature.state === 'voided'
    ) {
      return sendGone(reply, lang, id ? 'expired' : 'unknown', null)
    }
    if (signature.state === 'confirmed') {
      reply.header('cache-control', 'private, no-store')
      const path = signaturePath(lang, makeToken(keyring, 'receipt', signature.id))
      return redirectWithin(reply, path, 303)
    }
    if (!takesConfirmations(petition, clock)) return sendGone(reply, lang, 'closed', petition)
    return sendPage(
      reply,
      'confirmation/confirm.hbs',
      viewConfirm(lang, token, petition, signature),
    )
  })

  app.post<TokenParams>('/:lang/confirm/:token', async (request, reply) => {
    const { lang, token } = request.params
    const id = readToken(keyring, 'confirm', token)
    const { decision, shown, opening } = (request.body ?? {}) as Record<string, unknown>
    if (decision !== 'confirm' && decision !== 'reject') {
      throw new HttpError(400, 'decision must be "confirm" or "reject"')
    }
    if (!id) return sendGone(reply, lang, 'unknown', null)
    if (decision === 'reject') return reject(reply, lang, id)
    const result = await services.confirmations.add({
      id,
      shown: typeof shown === 'string' ? shown : null,
    })
    if (result.outcome === 'gone') return sendGone(reply, lang, 'expired', null)
    if (result.outcome === 'closed') return sendGone(reply, lang, 'closed', result.petition)
    if (result.outcome === 'changed') {
      const page = viewConfirm(lang, token, result.petition, result.signature)
      return sendPage(
        reply,
        'confirmation/confirm.hbs',
        { ...page, changed: true },
        { status: 409 },
      )
    }
    return opening === 'yes'
      ? sendOpening(reply, lang, result, id)
      : redirectToThanks(reply, lang, result.petition, id)
  })

  async function reject(reply: FastifyReply, language: string, id: string) {
    const outcome = await rejectSignature(db, id)
    if (outcome === 'already confirmed') {
      // A confirm token must not become one that withdraws: that link goes by mail.
      const petition = (await petitions.findById((await findSignature(db, id))!.petition_id))!
      const shown = currentText(petition, language).language
      return redirectWithin(reply, `${petitionPath(petition.slug)(shown)}/withdraw`, 303)
    }
    // The same page when it was gone already: the wish is met either way.
    return redirectWithin(reply, `/${language}/removed`, 303)
  }

  app.get<{ Params: { lang: string } }>('/:lang/removed', async (request, reply) => {
    const { lang } = request.params
    const page: RejectedPage = {
      ...sitePart(lang, 'rejected.heading', (other) => `/${other}/removed`),
      petition: null,
    }
    return sendPage(reply, 'confirmation/rejected.hbs', page)
  })

  function redirectToThanks(reply: FastifyReply, language: string, petition: Petition, id: string) {
    const shown = currentText(petition, language).language
    const code = personalCode(keyring, petition.id, id)
    reply.header('cache-control', 'private, no-store')
    return redirectWithin(reply, `${petitionPath(petition.slug)(shown)}/thanks?s=${code}`, 303)
  }

  /** The private part of the receipt, for who asked for it: shown once, and kept nowhere. */
  function sendOpening(
    reply: FastifyReply,
    language: string,
    result: ConfirmOutcome & { petition: Petition },
    id: string,
  ) {
    const { petition } = result
    const signature = result.outcome === 'confirmed' ? result.signature : null
    const opening = signature && decodeText(formatOpening(openingOf(petition, signature)))
    const shown = currentText(petition, language).language
    const path = petitionPath(petition.slug)
    const page: OpeningPage = {
      ...petitionPagePart(services.makePage, petition, {
        language: shown,
        heading: 'opening.heading',
        path,
      }),
      opening,
      download: opening && `data:application/json;charset=utf-8,${encodeURIComponent(opening)}`,
      signatureHref: signaturePath(shown, makeToken(keyring, 'receipt', id)),
      thanksHref: `${path(shown)}/thanks?s=${personalCode(keyring, petition.id, id)}`,
    }
    return sendPage(reply, 'log/opening.hbs', page)
  }

  function openingOf(
    { slug }: Petition,
    { id, details, text_version }: SignatureToConfirm,
  ): Opening {
    const { r, normalisedEmail, name } = decryptDetails(keyring, details!)
    const fields = { slug, id, normalisedEmail, name, textVersion: text_version }
    return { secret: Buffer.from(r, 'base64'), fields }
  }

  function sendGone(
    reply: FastifyReply,
    language: string,
    reason: 'expired' | 'closed' | 'unknown',
    petition: Petition | null,
  ) {
    const { content } = petition ? currentText(petition, language) : { content: null }
    const page: ConfirmationGonePage = {
      ...sitePart(language, 'gone.heading', (other) => `/${other}/`),
      petition: petition && {
        title: content!.title,
        href: petitionPath(petition.slug)(currentText(petition, language).language),
      },
      reason: {
        expired: reason === 'expired',
        closed: reason === 'closed',
        unknown: reason === 'unknown',
      },
    }
    return sendPage(reply, 'confirmation/gone.hbs', page, {
      status: reason === 'unknown' ? 404 : 410,
    })
  }

  function viewConfirm(
    language: string,
    token: string,
    petition: Petition,
    signature: SignatureToConfirm,
  ): ConfirmPage {
    const details = decryptDetails(keyring, signature.details!)
    const path = (other: string) => `/${other}/confirm/${token}`
    const signed = signature.language!
    return {
      ...petitionPagePart(services.makePage, petition, {
        language,
        heading: 'confirm.heading',
        path,
      }),
      action: path(language),
      shown: shownDigest(signature),
      changed: false,
      signer: {
        name: details.name,
        email: details.email,
        country: countryName(signature.country!, language),
        postcode: details.postcode,
        comment: details.comment,
        shownAs: publicName(details.name, signature.display, signed),
        updates: signature.updates,
      },
      offersUpdates: offersUpdates(petition),
      textVersion: signature.text_version,
      textHref: `${petitionPath(petition.slug)(signed)}/versions/${signature.text_version}`,
    }
  }

  function sitePart(language: string, heading: string, path: (language: string) => string) {
    return services.makePage({ language, title: translator(language)(heading), path })
  }
}
