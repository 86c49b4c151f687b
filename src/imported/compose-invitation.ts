import { petitionPath } from '../petition/paths.ts'
import { currentText, organiserNames, type Petition } from '../petition/petition.ts'
import type { Keyring } from '../platform/keyring.ts'
import { makeToken } from '../platform/link-token.ts'
import type { Mail } from '../platform/mail/mail.ts'
import { mailHeaders, renderMail } from '../platform/mail/render-mail.ts'

/** The one mail to somebody who signed elsewhere. Its subject is neutral: it shows on a locked phone. */
export function composeInvitation(
  { config, keyring }: { config: { publicUrl: string }; keyring: Keyring },
  petition: Petition,
  { id, mark, language: wanted, to }: { id: string; mark: Buffer; language: string; to: string },
): Mail {
  const { language, content } = currentText(petition, wanted)
  const token = makeToken(keyring, 'imported', { id, address: mark })
  const removeUrl = `${config.publicUrl}/${language}/imported/${token}`
  return {
    to,
    ...renderMail('invitation', {
      language,
      title: content.title,
      organisers: new Intl.ListFormat(language).format(organiserNames(petition, language)),
      petitionUrl: `${config.publicUrl}${petitionPath(petition.slug)(language)}`,
      removeUrl,
      site: new URL(config.publicUrl).host,
    }),
    lane: 'update',
    headers: {
      ...mailHeaders(config, petition, language),
      // RFC 8058: the mail program's own button, which posts without opening the page.
      'List-Unsubscribe': `<${removeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}
