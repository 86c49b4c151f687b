import { petitionPath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type LinkTarget, makeToken } from '../../platform/link-token.ts'
import type { Mail } from '../../platform/mail/mail.ts'
import { mailHeaders, renderMail } from '../../platform/mail/render-mail.ts'

export interface Origins {
  publicUrl: string
  mirrors: readonly string[]
}

/** Where links of a mail lead: to the origin that its reader has used. One that is no longer set may lead nowhere. */
const originFor = ({ publicUrl, mirrors }: Origins, mirror: string | undefined): string =>
  mirror !== undefined && mirrors.includes(mirror) ? mirror : publicUrl

/** Folders of views/mail. */
type MailName = 'confirm' | 'reminder' | 'withdraw'

/**
 * Subjects and sender are neutral: they show on a locked phone. The token is in the path, so that
 * no referrer and no log of queries holds it.
 *
 * @param about the submission or signature that the links are for; `language` is that of the page, `mirror` where it was
 *   sent from
 */
export function composeMail(
  { config, keyring }: { config: Origins; keyring: Keyring },
  petition: Petition,
  about: LinkTarget & { language: string; mirror?: string | undefined },
  name: MailName,
  to: string,
): Mail {
  const text = currentText(petition, about.language)
  const { language } = text
  const origin = originFor(config, about.mirror)
  const link = (purpose: 'confirm' | 'withdraw') =>
    `${origin}/${language}/${purpose}/${makeToken(keyring, purpose, about)}`
  return {
    to,
    ...renderMail(name, {
      language,
      title: text.content.title,
      petitionUrl: `${origin}${petitionPath(petition.slug)(language)}`,
      confirmUrl: link('confirm'),
      withdrawUrl: link('withdraw'),
      closes: petition.closesAt && formatMoment(petition.closesAt, language, petition.closesZone),
      site: new URL(origin).host,
    }),
    headers: mailHeaders(config, petition, language),
    // The other two depend on whether the address has signed: one goes if it has, one if it hasn't.
    ...(name === 'confirm' ? { lane: 'confirmation' } : { isUntold: true }),
  }
}
