import type { FastifyInstance, FastifyReply } from 'fastify'
import { decodeUtf8 } from '../../log/core/canonical.ts'
import { formatOpening, type Opening } from '../../log/core/receipt/opening.ts'
import { petitionPath } from '../../petition/paths.ts'
import {
  currentText,
  offersUpdates,
  type Petition,
  reviewsNames,
  takesConfirmations,
} from '../../petition/petition.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { translator } from '../../platform/i18n/translate.ts'
import {
  answers,
  type LinkTarget,
  type LinkToken,
  makeToken,
  readToken,
} from '../../platform/link-token.ts'
import { HttpError } from '../../platform/web/http-error.ts'
import { redirectWithin } from '../../platform/web/redirect-within.ts'
import { PRIVATE_CACHE, sendPage } from '../../platform/web/send-page.ts'
import { recordId } from '../../sealing/record/sealed-record.ts'
import { decryptDetails } from '../../sealing/signer-details.ts'
import type { Accepted } from '../../signature/confirm-signatures.ts'
import { findByIds, findByMailbox, type Submission } from '../../signature/confirmation.queries.ts'
import { mailboxFor } from '../../signature/mailbox.ts'
import { publicName } from '../../signature/public-name.ts'
import { rejectSubmission } from '../../signature/reject-submission.ts'
import { replaceWhatIsShown } from '../../signature/replace-shown.ts'
import type { Site } from '../../site.ts'
import { getPetition } from '../get-petition.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import { type OpeningPage, signaturePath } from '../receipt/view-receipt.ts'
import { thankedAt } from '../thanks.routes.ts'
import type {
  ConfirmationGonePage,
  ConfirmPage,
  RejectedPage,
  ReplacedPage,
} from './confirmation.page.ts'

type TokenParams = { Params: { lang: string; token: string } }

const DECISIONS = ['confirm', 'reject', 'replace'] as const

export function confirmationRoutes(app: FastifyInstance, site: Site): void {
  const { db, keyring, petitions, clock } = site

  // Mail scanners and link previews follow this as often as they like: nothing changes.
  app.get<TokenParams>('/:lang/confirm/:token', async (request, reply) => {
    const { lang, token } = request.params
    const link = readToken(keyring, 'confirm', token)
    if (!link) return sendGone(reply, lang, 'unknown', null)
    const { submission = null, signature = null } =
      (await findByIds(db, [link.id])).get(link.id) ?? {}
    const row = signature ?? submission
    const petition = row && (await petitions.findById(row.petition_id))
    if (!row || !petition || !answers(row, link)) return sendGone(reply, lang, 'expired', null)
    if (signature) {
      if (signature.state !== 'confirmed') return sendGone(reply, lang, 'expired', null)
      reply.header('cache-control', PRIVATE_CACHE)
      return redirectWithin(
        reply,
        signaturePath(lang, makeToken(keyring, 'receipt', signature)),
        303,
      )
    }
    if (!takesConfirmations(petition, clock)) return sendGone(reply, lang, 'closed', petition)
    const page = await viewConfirm(lang, token, petition, submission!)
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
    const result = await site.confirmations.add(link)
    if (result.outcome === 'gone') return sendGone(reply, lang, 'expired', null)
    const { petition } = result
    if (result.outcome === 'closed') return sendGone(reply, lang, 'closed', petition)
    // The link's own page now says that this mailbox has signed, and offers to replace what is shown.
    if (result.outcome === 'already signed')
      return redirectWithin(reply, `/${lang}/confirm/${token}`, 303)
    const isFirst = result.outcome === 'confirmed'
    const shown = currentText(petition, lang).language
    const thanksHref = await thankedAt(site, petition, shown, link)
    if (opening !== 'yes') {
      reply.header('cache-control', PRIVATE_CACHE)
      return redirectWithin(reply, thanksHref, 303)
    }
    const { address } = isFirst ? result.submission : result
    const signature = { id: link.id, address }
    return sendOpening(reply, shown, petition, signature, thanksHref, isFirst ? result : null)
  })

  async function reject(reply: FastifyReply, language: string, link: LinkToken) {
    const result = await rejectSubmission(db, link)
    // The same page when it was gone already: the wish is met either way.
    if (result.outcome !== 'already confirmed')
      return redirectWithin(reply, `/${language}/removed`, 303)
    // A confirm token must not become one that withdraws: that link goes by mail.
    const petition = (await petitions.findById(result.petitionId))!
    const shown = currentText(petition, language).language
    return redirectWithin(reply, `${petitionPath(petition.slug)(shown)}/withdraw`, 303)
  }

  async function replace(reply: FastifyReply, language: string, link: LinkToken) {
    const all = await petitions.all()
    const { replaced, petition } = await db
      .transaction()
      .execute((trx) => replaceWhatIsShown(trx, keyring, all, link))
    if (!replaced) return sendGone(reply, language, 'expired', petition)
    const shown = currentText(petition!, language).language
    return redirectWithin(reply, `${petitionPath(petition!.slug)(shown)}/replaced`, 303)
  }

  app.get<{ Params: { lang: string; slug: string } }>(
    '/:lang/p/:slug/replaced',
    async (request, reply) => {
      const { lang, slug } = request.params
      const petition = await getPetition(petitions, slug, lang)
      const page: ReplacedPage = {
        ...petitionPagePart(site.makePage, petition, {
          language: lang,
          heading: 'replaced.heading',
          path: (other) => `${petitionPath(slug)(other)}/replaced`,
        }),
        namesReviewed: reviewsNames(petition),
      }
      return sendPage(reply, 'confirmation/replaced.hbs', page)
    },
  )

  app.get<{ Params: { lang: string } }>('/:lang/removed', async (request, reply) => {
    const { lang } = request.params
    const page: RejectedPage = {
      ...sitePart(lang, 'rejected.heading', (other) => `/${other}/removed`),
      petition: null,
    }
    return sendPage(reply, 'confirmation/rejected.hbs', page)
  })

  /**
   * The private part of the receipt, for who asked for it: shown once, and kept nowhere.
   *
   * @param accepted null when it was confirmed before
   */
  function sendOpening(
    reply: FastifyReply,
    language: string,
    petition: Petition,
    signature: LinkTarget,
    thanksHref: string,
    accepted: Accepted | null,
  ) {
    const opening = accepted && decodeUtf8(formatOpening(openingOf(accepted)))
    const page: OpeningPage = {
      ...petitionPagePart(site.makePage, petition, {
        language,
        heading: 'opening.heading',
        path: petitionPath(petition.slug),
      }),
      opening,
      download: opening && `data:application/json;charset=utf-8,${encodeURIComponent(opening)}`,
      signatureHref: signaturePath(language, makeToken(keyring, 'receipt', signature)),
      thanksHref,
    }
    return sendPage(reply, 'log/opening.hbs', page)
  }

  function openingOf({ petition: { slug }, submission }: Accepted): Opening {
    const { r, normalisedEmail, name } = decryptDetails(keyring, submission.details)
    const id = recordId(submission.id)
    const fields = { slug, id, normalisedEmail, name, textVersion: submission.text_version }
    return { secret: Buffer.from(r, 'base64'), fields }
  }

  function sendGone(
    reply: FastifyReply,
    language: string,
    reason: 'expired' | 'closed' | 'unknown',
    petition: Petition | null,
  ) {
    const text = petition && currentText(petition, language)
    const page: ConfirmationGonePage = {
      ...sitePart(language, 'gone.heading', (other) => `/${other}/`),
      petition: text && {
        title: text.content.title,
        href: petitionPath(petition.slug)(text.language),
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

  async function viewConfirm(
    language: string,
    token: string,
    petition: Petition,
    submission: Submission,
  ): Promise<ConfirmPage> {
    const details = decryptDetails(keyring, submission.details)
    const path = (other: string) => `/${other}/confirm/${token}`
    const before = await findByMailbox(db, petition.id, mailboxFor(petition, keyring, details))
    return {
      ...petitionPagePart(site.makePage, petition, {
        language,
        heading: before ? 'alreadySigned.heading' : 'confirm.heading',
        path,
      }),
      action: path(language),
      alreadySigned: before && { counts: before.state === 'confirmed' },
      withdrawHref: `${petitionPath(petition.slug)(language)}/withdraw`,
      signer: {
        name: details.name,
        email: details.email,
        country: countryName(submission.country, language),
        postcode: details.postcode,
        comment: details.comment,
        shownAs: publicName(details.name, submission.display, submission.language),
        nameWaits: reviewsNames(petition),
        updates: submission.updates,
      },
      offersUpdates: offersUpdates(petition),
      textVersion: submission.text_version,
      textHref: `${petitionPath(petition.slug)(submission.language)}/versions/${submission.text_version}`,
    }
  }

  function sitePart(language: string, heading: string, path: (language: string) => string) {
    return site.makePage({ language, title: translator(language)(heading), path })
  }
}
