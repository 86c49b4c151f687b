import { findNoName } from '../form/find-no-name.ts'
import { asRead, hasLink } from '../form/person-text.ts'
import type { FindWords } from './find-words.ts'
import type { Waits } from './why.ts'

/** A telephone number, of nine digits or more. */
const NUMBER = /(?:\p{N}[\s().\-/]{0,2}){9}/u

/**
 * Why a text must not be shown before somebody has read it; null where nothing is against it. The form refuses
 * links and addresses as names, where they are a slip: this finds what got past it, and all that a comment holds.
 * Nothing is refused here.
 */
export function findHold(text: string, hasHeldWord: FindWords): Waits | null {
  const found = findNoName(text)
  if (hasLink(text) || found === 'link') return 'link'
  if (found === 'address' || NUMBER.test(asRead(text))) return 'address'
  return hasHeldWord(text) ? 'word' : null
}
