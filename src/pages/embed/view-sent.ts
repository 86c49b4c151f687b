import type { Petition } from '../../petition/petition.ts'
import { translator } from '../../platform/i18n/translate.ts'
import type { Sender } from '../../platform/mail/mail-settings.ts'
import type { MakePage } from '../../platform/web/page.ts'
import type { LeftOut } from '../../signature/form/sign-form.ts'
import { RETENTION_DAYS } from '../../signature/remind-or-erase.ts'
import type { FrameLook } from './frame-look.ts'
import { type FramePage, viewFramePart } from './view-frame.ts'

/** Below a frame's address: what comes after its form, the same for every address. */
export const SENT = '/check-your-email'

interface SentFramePage extends FramePage {
  signed: true
  sender: { name: string; address: string | null }
  retentionDays: number
  inbox: string | null
  leftOut: string[]
}

export function viewSent(
  {
    makePage,
    inboxUrl,
    config: { mailFrom },
  }: { makePage: MakePage; inboxUrl: string | null; config: { mailFrom: Sender } },
  petition: Petition,
  look: FrameLook,
  leftOut: LeftOut[],
): SentFramePage {
  const t = translator(look.language)
  const { name, address } = mailFrom
  return {
    ...viewFramePart(makePage, petition, look, {
      title: t('checkEmail.heading'),
      continued: true,
    }),
    signed: true,
    sender: name ? { name, address } : { name: address, address: null },
    retentionDays: RETENTION_DAYS,
    inbox: inboxUrl,
    leftOut: leftOut.map((field) => t(`checkEmail.without.${field}`)),
  }
}
