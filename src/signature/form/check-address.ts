import { hasOverride, stripUnseen } from '../../platform/strip-unseen.ts'
import { parseEmail } from './email-address.ts'
import { findForeignLetter } from './find-foreign-letter.ts'

/** What is typed or pasted for an address, without what is unseen, and in letters of the usual width. */
export function cleanAddress(text: string): string {
  return stripUnseen(text.replace(/[\t\u00ad]|\u200c|\u200d/g, ''))
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .trim()
}

export type AddressProblem = 'missing' | 'direction' | 'letter' | 'invalid'

/** What keeps a mail from getting to whoever wrote this; `errors.email.<problem>` is its message. */
export function findAddressProblem(address: string): AddressProblem | null {
  if (address === '') return 'missing'
  if (hasOverride(address)) return 'direction'
  if (findForeignLetter(address)) return 'letter'
  return parseEmail(address) ? null : 'invalid'
}
