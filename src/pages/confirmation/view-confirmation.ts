import { decodeUtf8 } from '../../log/core/canonical.ts'
import { formatOpening } from '../../log/core/opening.ts'
import { petitionPath, withdrawPath } from '../../petition/paths.ts'
import { currentText, offersUpdates, type Petition, reviewsNames } from '../../petition/petition.ts'
import { countryName } from '../../platform/i18n/countries.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { recordId } from '../../sealing/record/sealed-record.ts'
import type { SignerDetails } from '../../sealing/signer-details.ts'
import { publicName } from '../../signature/shown/public-name.ts'
import { petitionPagePart } from '../petition-page-part.ts'
import type { OpeningPage } from './view-receipt.ts'

/** GET /:lang/confirm/:token : shows the submission, with two buttons; changes nothing. */
interface ConfirmPage extends Page {
  petition: { title: string; slogan: string; href: string }
  action: string
  /** Set when the mailbox has signed before: the page then offers to replace its name and comment. */
  alreadySigned: { counts: boolean } | null
  withdrawHref: string
  signer: {
    name: string
    email: string
    country: string
    postcode: string
    comment: string
    /** How the name will appear in public, for example `A. M.`; null when hidden. */
    shownAs: string | null
    /** It appears once the organisers have shown it. */
    nameWaits: boolean
    updates: boolean
  }
  /** False: the petition keeps no list for updates. */
  offersUpdates: boolean
  textVersion: number
  textHref: string
}

/** The link is of no use any more: rejected, erased after 14 days, or the grace day is over. */
interface ConfirmationGonePage extends Page {
  petition: { title: string; href: string } | null
  reason: { expired: boolean; closed: boolean; hidden: boolean; unknown: boolean }
}

/** GET /:lang/p/:slug/replaced */
interface ReplacedPage extends Page {
  petition: { title: string; href: string }
  namesReviewed: boolean
}

/** GET /:lang/removed, after decision=reject. */
interface RejectedPage extends Page {
  petition: null
}

export type WhyGone = 'expired' | 'closed' | 'hidden' | 'unknown'

/** A submission with its details decrypted. */
interface Confirmable {
  petition: Petition
  submission: {
    id: string
    display: 'hidden' | 'initials' | 'name'
    updates: boolean
    country: string
    language: string
    text_version: number
  }
  details: SignerDetails
}

/** @param before the mailbox's signature, if it has signed */
export function viewConfirm(
  makePage: MakePage,
  { language, token }: { language: string; token: string },
  { petition, submission, details }: Confirmable,
  before: { state: string } | null,
): ConfirmPage {
  const path = (other: string) => `/${other}/confirm/${token}`
  const { text_version: textVersion } = submission
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: before ? 'alreadySigned.heading' : 'confirm.heading',
      path,
    }),
    action: path(language),
    alreadySigned: before && { counts: before.state === 'confirmed' },
    withdrawHref: withdrawPath(petition.slug)(language),
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
    textVersion,
    textHref: `${petitionPath(petition.slug)(submission.language)}/versions/${textVersion}`,
  }
}

/**
 * The private part of the receipt, for a signer who asked for it: shown once, and stored nowhere.
 *
 * @param accepted null when it was confirmed before
 */
export function viewOpening(
  makePage: MakePage,
  petition: Petition,
  accepted: Pick<Confirmable, 'submission' | 'details'> | null,
  { language, ...hrefs }: { language: string; signatureHref: string; thanksHref: string },
): OpeningPage {
  const opening = accepted && writeOpening(petition.slug, accepted)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'opening.heading',
      path: petitionPath(petition.slug),
    }),
    opening,
    download: opening && `data:application/json;charset=utf-8,${encodeURIComponent(opening)}`,
    ...hrefs,
  }
}

function writeOpening(
  slug: string,
  { submission, details }: Pick<Confirmable, 'submission' | 'details'>,
): string {
  const { r, normalisedEmail, name } = details
  const id = recordId(submission.id)
  const fields = { slug, id, normalisedEmail, name, textVersion: submission.text_version }
  return decodeUtf8(formatOpening({ secret: Buffer.from(r, 'base64'), fields }))
}

export function viewGone(
  makePage: MakePage,
  language: string,
  reason: WhyGone,
  petition: Petition | null,
): ConfirmationGonePage {
  const text = petition && currentText(petition, language)
  const title = translator(language)('gone.heading')
  return {
    ...makePage({ language, title, path: (other) => `/${other}/` }),
    // A hidden one has no page to go to.
    petition:
      text && reason !== 'hidden'
        ? { title: text.content.title, href: petitionPath(petition.slug)(text.language) }
        : null,
    reason: {
      expired: reason === 'expired',
      closed: reason === 'closed',
      hidden: reason === 'hidden',
      unknown: reason === 'unknown',
    },
  }
}

export function viewReplaced(
  makePage: MakePage,
  petition: Petition,
  language: string,
): ReplacedPage {
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'replaced.heading',
      path: (other) => `${petitionPath(petition.slug)(other)}/replaced`,
    }),
    namesReviewed: reviewsNames(petition),
  }
}

export function viewRejected(makePage: MakePage, language: string): RejectedPage {
  const title = translator(language)('rejected.heading')
  return { ...makePage({ language, title, path: (other) => `/${other}/removed` }), petition: null }
}
