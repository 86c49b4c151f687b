import { domainToASCII, domainToUnicode } from 'node:url'
import { mailDomains } from './mail-domains.ts'
import { skeleton } from './skeleton.ts'

/** UAX 31, table 5: scripts in general use. Others look like these and name no one's mail. */
const SCRIPTS =
  'Arab Armn Beng Bopo Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana Khmr Knda Laoo Latn Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt'.split(
    ' ',
  )
/** UTS 39, section 5.2, "highly restrictive": one script, or Latin with those that are written beside it. */
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
 * Latin letters, taken apart by NFD, that today's languages write: those of Latin-1 and Latin Extended-A,
 * Azerbaijani's, those of Hausa, Ewe, Akan and their neighbours, Skolt Sami's. All others are phonetic, obsolete or
 * small capitals: they are in no address, and look like letters that are.
 */
export const LATIN = 'abcdefghijklmnopqrstuvwxyzßæøþðđħıłŋœŧəɓɖɗɛƒɣƙɔʋƴǥʒ'
/** Also a modifier letter of no script; Hawaiian and Ukrainian have an apostrophe of that kind. */
const STRANGE = new RegExp(
  `(?![${LATIN}])\\p{sc=Latn}|(?![\u02bb\u02bc])(?=\\p{L})\\p{scx=Zyyy}`,
  'u',
)
/** The dot is Catalan's between two "l", and comes of a U+0140 elsewhere. */
const LOOSE_DOT = /(?<!l)\u00b7|\u00b7(?!l)/
/** The dotted capital I, what becomes of it in small letters, and the dotless that may stand beside it. */
const DOTTED_I = /i\u0307|\u0130/
const TURKIC_I = /i\u0307|[\u0130\u0131]/g
const OF_OTHERS = /(?![\p{sc=Latn}\p{ASCII}])\p{L}/u
const NOT_ASCII = /i\u0307|\P{ASCII}/u

const skeletons = new Set([...mailDomains].map(skeleton))

/**
 * The letter by which an address is none that its writer means: mail to "gmaıl.com" or to a name in mixed alphabets
 * reaches nobody, or somebody else. Null when every letter is in its place. A dotless i that reads as no provider is
 * left to suggestAddress: domains and names are really written so.
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

/** The one to name: among letters such as "ü" it is one that no Latin alphabet has. */
function letterIn(text: string): string | null {
  const strange = [...text].find((letter) => NOT_ASCII.test(letter) && isStrange(letter))
  return strange ?? OF_OTHERS.exec(text)?.[0] ?? NOT_ASCII.exec(text)?.[0] ?? null
}
