import { petitionPath } from '../../petition/paths.ts'
import type { Petition } from '../../petition/petition.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Sender } from '../../platform/mail/mail-settings.ts'
import type { MakePage, Page } from '../../platform/web/page.ts'
import { LEFT_OUT, type LeftOut } from '../../signature/form/sign-form.ts'
import { RETENTION_DAYS } from '../../signature/remind-or-erase.ts'
import { petitionPagePart } from '../petition-page-part.ts'

/** GET /:lang/p/:slug/check-your-email : the same for a new, pending or confirmed address. */
interface CheckYourEmailPage extends Page {
  petition: { title: string; href: string }
  sender: {
    /** As mail programs show it: the name, or the address where there is none. */
    name: string
    /** Null where it is the name already. */
    address: string | null
  }
  /** Days after which unconfirmed details are erased. */
  retentionDays: number
  /** Outside production with the built-in catcher: where the mail can be read; else null. */
  inbox: string | null
  /** The page that says what is stored about a signer. */
  privacyHref: string
  /** Sentences about fields of the form that could not be used. */
  leftOut: string[]
}

export const checkYourEmailPath = (slug: string) => (language: string) =>
  `${petitionPath(slug)(language)}/check-your-email`

export function viewCheckYourEmail(
  {
    makePage,
    inboxUrl,
    config: { mailFrom },
  }: { makePage: MakePage; inboxUrl: string | null; config: { mailFrom: Sender } },
  petition: Petition,
  language: string,
  leftOut: LeftOut[],
): CheckYourEmailPage {
  const t = translator(language)
  const { name, address } = mailFrom
  return {
    ...petitionPagePart(makePage, petition, {
      language,
      heading: 'checkEmail.heading',
      path: checkYourEmailPath(petition.slug),
      query: leftOutQuery(leftOut),
    }),
    leftOut: leftOut.map((field) => t(`checkEmail.without.${field}`)),
    sender: name ? { name, address } : { name: address, address: null },
    retentionDays: RETENTION_DAYS,
    inbox: inboxUrl,
  }
}

/** `?without=postcode.comment`, or nothing. It says nothing about who has signed. */
export const leftOutQuery = (leftOut: LeftOut[]) =>
  leftOut.length > 0 ? `?without=${leftOut.join('.')}` : ''

export function readLeftOut(query: unknown): LeftOut[] {
  const given = (query as Record<string, unknown>).without
  const fields = typeof given === 'string' ? given.split('.') : []
  return LEFT_OUT.filter((field) => fields.includes(field))
}
