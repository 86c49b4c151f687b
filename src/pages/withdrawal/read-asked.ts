import { cleanAddress, findAddressProblem } from '../../platform/address/check-address.ts'
import { parseEmail } from '../../platform/address/email-address.ts'
import { findForeignLetter } from '../../platform/address/find-foreign-letter.ts'
import { suggestAddress } from '../../platform/address/suggest-address.ts'
import type { Translate } from '../../platform/i18n/translate.ts'
import { needsSmtpUtf8 } from '../../platform/mail/mail-settings.ts'
import { formText } from '../../platform/web/form-text.ts'
import { digestOf } from '../../signature/form/sign-form.ts'

/** The form that asks for a link to withdraw, as posted. */
export interface Asked {
  typed: string
  /** Digest of the address that the page has asked about before. */
  before: string
  /** A button for a language says so. */
  isOnlyShown: boolean
}

export function readAsked(body: unknown): Asked {
  const text = formText(body)
  return {
    typed: cleanAddress(text('address') || text('email')),
    before: text('asked'),
    isOnlyShown: text('language') !== '',
  }
}

/**
 * The reason why a mail can't get to the address. An odd but possible address is asked about once: a signer who
 * signed with it may withdraw with it.
 */
export function findProblem(
  typed: string,
  t: Translate,
  { asciiOnly, asked }: { asciiOnly: boolean; asked: string },
): { error: string; suggestion?: string } | null {
  const letter = findForeignLetter(typed) ?? ''
  if (!parseEmail(typed)) {
    return { error: t(`errors.email.${findAddressProblem(typed) ?? 'invalid'}`, { letter }) }
  }
  if (asciiOnly && needsSmtpUtf8(typed)) return { error: t('errors.email.ascii') }
  if (asked === digestOf(typed)) return null
  if (letter) {
    return { error: `${t('errors.email.letter', { letter })} ${t('askWithdrawal.again')}` }
  }
  const suggestion = suggestAddress(typed)
  return suggestion ? { error: t('errors.email.slip', { suggestion }), suggestion } : null
}
