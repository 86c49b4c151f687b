import type { Page } from '../../platform/web/page.ts'

/** GET /:lang/confirm/:token : shows what will be confirmed; two buttons; changes nothing. */
export interface ConfirmPage extends Page {
  petition: { title: string; slogan: string; href: string }
  action: string
  /** Set when the mailbox has signed before: the page then offers to replace what is shown of it. */
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
export interface ConfirmationGonePage extends Page {
  petition: { title: string; href: string } | null
  reason: { expired: boolean; closed: boolean; unknown: boolean }
}

/** GET /:lang/p/:slug/replaced */
export interface ReplacedPage extends Page {
  petition: { title: string; href: string }
  namesReviewed: boolean
}

/** After decision=reject. */
export interface RejectedPage extends Page {
  petition: { title: string; href: string } | null
}
