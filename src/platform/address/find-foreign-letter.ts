import { domainToASCII, domainToUnicode } from 'node:url'
import { mailDomains } from './mail-domains.ts'
import { skeleton } from './skeleton.ts'

/** UAX 31, table 5: scripts in general use. No mailbox is named in the others, which look like these. */
const SCRIPTS =
  'Arab Armn Beng Bopo Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana Khmr Knda Laoo Latn Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt'.split(
    ' ',
  )
/** UTS 39, section 5.2, "highly restrictive": one script, or Latin with scripts that are written beside it. */
const TOGETHER = [
  ['Latn', 'Hani', 'Hira', 'Kana'],
  ['Latn', 'Hani', 'Bopo'],
  ['Latn', 'Hani', 'Hang'],
]
const UNMIXED = new RegExp(
  [...SCRIPTS.map((script) => [script]), ...TOGETHER]
    .map((scripts) => [...scripts, 'Zyyy', 'Zinh'].map((script) => `\\p{scx=${script}}`).join(''))
    .map((letters) => `^[${letters}]*$`)
    .join('|'),
  'u',
)
/**
 * Latin letters, decomposed by NFD, that today's languages write: those of Latin-1 and Latin Extended-A,
 * Azerbaijani's, those of Hausa, Ewe, Akan and their neighbours, Skolt Sami's. All others are phonetic, obsolete or
 * small capitals: no address has them, and they look like letters that addresses have.
 */
export const LATIN = 'abcdefghijklmnopqrstuvwxyzßæøþðđħıłŋœŧəɓɖɗɛƒɣƙɔʋƴǥʒ'
/** Also a modifier letter of no script; Hawaiian and Ukrainian have an apostrophe of that kind. */
const STRANGE = new RegExp(
  `(?![${LATIN}])\\p{sc=Latn}|(?![\u02bb\u02bc])(?=\\p{L})\\p{scx=Zyyy}`,
  'u',
)
/** Catalan writes the dot between two "l"; elsewhere it comes from a U+0140. */
const LOOSE_DOT = /(?<!l)\u00b7|\u00b7(?!l)/
/** The dotted capital I, its lower case, and the dotless i that may occur beside it. */
const DOTTED_I = /i\u0307|\u0130/
const TURKIC_I = /i\u0307|[\u0130\u0131]/g
const OF_OTHERS = /(?![\p{sc=Latn}\p{ASCII}])\p{L}/u
const NOT_ASCII = /i\u0307|\P{ASCII}/u

const skeletons = new Set([...mailDomains].map(skeleton))

/**
 * The letter that makes an address another than its writer means: mail to "gmaıl.com" or to a name in mixed alphabets
 * reaches nobody, or somebody else. Null when there is none. A dotless i that imitates no provider is left to
 * suggestAddress: real domains and names have it.
 */
export function findForeignLetter(typed: string): string | null {
  const at = typed.lastIndexOf('@')
  if (at < 1 || !(NOT_ASCII.test(typed) || /xn--/i.test(typed))) return null
  return inDomain(typed.slice(at + 1)) ?? inLocalPart(typed.slice(0, at), typed.slice(at + 1))
}

function inDomain(typed: string): string | null {
  const decoded = domainToUnicode(domainToASCII(typed))
  const labels = decoded.split('.')
  const posing = !mailDomains.has(decoded) && skeletons.has(skeleton(decoded))
  const at = labels.findIndex((label) => NOT_ASCII.test(label) && (posing || isForeign(label)))
  if (at < 0) return null
  const written = typed.split(/[.\u3002\uff0e\uff61]/)[at] ?? ''
  return letterIn(written) ?? letterIn(labels[at]!)
}

function inLocalPart(local: string, domain: string): string | null {
  const isAsciiOnly = mailDomains.has(domainToASCII(domain))
  return isAsciiOnly || isForeign(local) ? letterIn(local) : null
}

function isForeign(text: string): boolean {
  if (!UNMIXED.test(text) || LOOSE_DOT.test(text)) return true
  if (isStrange(text)) return true
  return DOTTED_I.test(text) && !NOT_ASCII.test(text.replace(TURKIC_I, ''))
}

const isStrange = (text: string) => STRANGE.test(text.normalize('NFD').toLowerCase())

/** The letter to name in the message: before letters such as "ü" one that no Latin alphabet has. */
function letterIn(text: string): string | null {
  const strange = [...text].find((letter) => NOT_ASCII.test(letter) && isStrange(letter))
  return strange ?? OF_OTHERS.exec(text)?.[0] ?? NOT_ASCII.exec(text)?.[0] ?? null
}
