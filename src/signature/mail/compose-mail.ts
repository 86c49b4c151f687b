import { petitionPath } from '../../petition/paths.ts'
import { currentText, type Petition } from '../../petition/petition.ts'
import { formatMoment } from '../../platform/i18n/format.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { type LinkTarget, makeToken } from '../../platform/link-token.ts'
import type { Mail } from '../../platform/mail/mail.ts'
import { mailHeaders, renderMail } from '../../platform/mail/render-mail.ts'

/** Folders of views/mail. */
type MailName = 'confirm' | 'reminder' | 'withdraw'

/**
 * Subjects and sender are neutral: they show on a locked phone. The token is in the path, so that
 * no referrer and no log of queries holds it.
 *
 * @param about the submission or signature that the links are for; `language` is that of the page
 */
export function composeMail(
  { config, keyring }: { config: { publicUrl: string }; keyring: Keyring },
  petition: Petition,
  about: LinkTarget & { language: string },
  name: MailName,
  to: string,
): Mail {
  const text = currentText(petition, about.language)
  const { language } = text
  const link = (purpose: 'confirm' | 'withdraw') =>
    `${config.publicUrl}/${language}/${purpose}/${makeToken(keyring, purpose, about)}`
  return {
    to,
    ...renderMail(name, {
      language,
      title: text.content.title,
      petitionUrl: `${config.publicUrl}${petitionPath(petition.slug)(language)}`,
      confirmUrl: link('confirm'),
      withdrawUrl: link('withdraw'),
      closes: petition.closesAt && formatMoment(petition.closesAt, language, petition.closesZone),
      site: new URL(config.publicUrl).host,
    }),
    headers: mailHeaders(config, petition, language),
    // The other two depend on whether the address has signed: one goes if it has, one if it hasn't.
    ...(name === 'confirm' ? { lane: 'confirmation' } : { isUntold: true }),
  }
}
