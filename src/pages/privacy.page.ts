import type { Page } from '../platform/web/page.ts'
import type { ContactView } from './imprint.page.ts'

/** GET /:lang/p/:slug/privacy : what is kept of a signer, from the settings in force. */
export interface PrivacyPage extends Page {
  petition: { title: string; slogan: string; href: string }
  privacyHref: string
  withdrawHref: string
  reminderDays: number
  retentionDays: number
  /** age recipients, in full. */
  recipients: string[]
  recipientCount: number
  /** No address can be looked up any more. */
  archived: boolean
  /** Whether public figures move with the log's batches alone. */
  guarded: boolean
  /** Public cells of live figures below this are folded. */
  smallestCell: number
  /** Host of the mail server; null with the built-in catcher. */
  relay: string | null
  offersUpdates: boolean
  namesReviewed: boolean
  /** Whom to turn to about the petition, and about the site; null where nobody is named. */
  contact: ContactView | null
  siteContact: ContactView | null
  organisers: { name: string; url: string | null }[]
}

/** GET /docs/seizure */
export interface DocumentPage extends Page {
  html: string
}
