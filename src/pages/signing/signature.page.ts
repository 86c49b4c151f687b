import type { Sender } from '../../platform/mail/mail-settings.ts'
import type { Page } from '../../platform/web/page.ts'

export interface ShownSender {
  /** What mail programs show: the name, or the address where there is none. */
  name: string
  /** Null where it is the name already. */
  address: string | null
}

export const viewSender = ({ name, address }: Sender): ShownSender =>
  name ? { name, address } : { name: address, address: null }

/** GET /:lang/p/:slug/check-your-email : the same for a new, pending or confirmed address. */
export interface CheckYourEmailPage extends Page {
  petition: { title: string; href: string }
  sender: ShownSender
  /** Days after which unconfirmed details are erased. */
  retentionDays: number
  /** Outside production with the built-in catcher: where the mail can be read; else null. */
  inbox: string | null
  /** The page that says what is kept. */
  privacyHref: string
  /** Says what of the form was of no use. */
  leftOut: string[]
}

/** GET /:lang/p/:slug/withdraw : asks for the address. Also re-rendered at 422. */
export interface AskWithdrawalPage extends Page {
  petition: { title: string; href: string }
  action: string
  email: string
  error: string | null
  /** Where the cursor begins. */
  form: { firstWrong: 'email' | null }
  /** The address that was probably meant, while the page asks. */
  suggestion: string | null
  /** The digest of the address that the page asks about; posted again. */
  asked: string
  /** True after the POST: the same answer for anyone. */
  sent: boolean
  /** No link can be mailed any more: addresses can't be looked up. */
  archived: boolean
  /** Set when the form came by way of another site: the page's own address, where `action` leads. */
  itself: string | null
  inbox: string | null
}

/** GET /:lang/withdraw/:token */
export interface WithdrawPage extends Page {
  petition: { title: string; href: string }
  action: string
  /** True once withdrawn: nothing is left to do. */
  withdrawn: boolean
  /** The public number waits for others. */
  guarded: boolean
}
