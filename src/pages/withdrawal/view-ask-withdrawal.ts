import { withdrawPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { digestOf } from '../../signature/form/sign-form.ts'
import { petitionPagePart } from '../petition-page-part.ts'

/** GET /:lang/p/:slug/withdraw : asks for the address. Also re-rendered at 422. */
interface AskWithdrawalPage extends Page {
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
  /** It could not be taken, and comes back to be sent again. */
  away: boolean
  /** Set when the form came by way of another site: the page's own address, where `action` leads. */
  itself: string | null
  inbox: string | null
}

export function viewAskWithdrawal(
  { makePage, inboxUrl }: { makePage: MakePage; inboxUrl: string | null },
  petition: Petition,
  language: string,
  form: {
    email?: string
    error?: string
    suggestion?: string
    sent?: boolean
    away?: boolean
    itself?: string
  },
): AskWithdrawalPage {
  const path = withdrawPath(petition.slug)
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: form.itself
        ? 'elsewhere.heading'
        : form.sent
          ? 'askWithdrawal.sentHeading'
          : 'askWithdrawal.heading',
      path,
      typedForm: form.email ? 'withdrawal-form' : null,
    }),
    action: form.itself ?? path(language),
    itself: form.itself ?? null,
    email: form.email ?? '',
    error: form.error ?? null,
    form: { firstWrong: form.error ? 'email' : null },
    suggestion: form.suggestion ?? null,
    asked: form.error ? digestOf(form.email ?? '') : '',
    sent: form.sent ?? false,
    archived: !petition.tagKey,
    away: form.away ?? false,
    inbox: inboxUrl,
  }
}
