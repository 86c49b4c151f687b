import type { Page } from '../../platform/web/page.ts'
import type { LogWait } from '../log-wait.ts'
import type { CountView } from '../petition/petition.page.ts'

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

/** GET /:lang/p/:slug/thanks?s=<personal share code> */
export interface ThanksPage extends Page, LogWait {
  verifyHref: string
  petition: { title: string; slogan: string; href: string }
  count: CountView
  /** Null when the code is missing or not valid: the page then shares the plain address. */
  personal: { url: string; brought: number } | null
  share: {
    url: string
    /** Text for navigator.share. */
    text: string
    /** Plain links, in order of use; `network` is an icon and label key (`whatsapp`, `telegram`, `x`, `facebook`, `bluesky`, `mastodon`, `email`). */
    links: { network: string; label: string; href: string }[]
  }
  withdrawHref: string
}
