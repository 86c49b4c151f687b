import { hasOverride, stripUnseen } from '../strip-unseen.ts'
import { parseEmail } from './email-address.ts'
import { findForeignLetter } from './find-foreign-letter.ts'

/** Typographic apostrophes and hyphens of phones and word processors; addresses have only ASCII's. */
const APOSTROPHES = /[\u00b4\u02bc\u2018\u2019\u201b\u2032]/g
const HYPHENS = /[\u2010-\u2013\u2212\ufe63]/g

/** Cleans a typed or pasted address: no unseen characters, letters of normal width, plain apostrophes and hyphens. */
export function cleanAddress(text: string): string {
  return plainApostrophes(
    stripUnseen(text.replace(/[\t\u00ad]|\u200c|\u200d/g, ''))
      .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(HYPHENS, '-')
      .trim(),
  )
}

/** Only before the "@": domains may have one of them, in Ukrainian for example. */
function plainApostrophes(address: string): string {
  const at = Math.max(0, address.lastIndexOf('@'))
  return address.slice(0, at).replace(APOSTROPHES, "'") + address.slice(at)
}

type AddressProblem = 'missing' | 'direction' | 'letter' | 'invalid'

/** Why mail to this address can't arrive; `errors.email.<problem>` is the message. */
export function findAddressProblem(address: string): AddressProblem | null {
  if (address === '') return 'missing'
  if (hasOverride(address)) return 'direction'
  if (findForeignLetter(address)) return 'letter'
  return parseEmail(address) ? null : 'invalid'
}
