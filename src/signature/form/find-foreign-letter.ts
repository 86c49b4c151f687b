import { domainToASCII, domainToUnicode } from 'node:url'
import { mailDomains } from './mail-domains.ts'

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
/** The dotless letter, the dotted capital, and what becomes of that when a domain is put in small letters. */
const TURKIC_I = /i\u0307|[\u0130\u0131]/g
const NOT_ASCII = /i\u0307|\P{ASCII}/u

/** Letters that pass for one of ASCII's, as UTS 39's table of confusables has them, in small letters. */
const ALIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['a', 'аɑα'],
    ['b', 'Ьь'],
    ['c', 'сϲ'],
    ['d', 'ԁđ'],
    ['e', 'еєҽε'],
    ['g', 'ɡց'],
    ['h', 'һհ'],
    ['i', 'іıιɩ'],
    ['j', 'јյϳ'],
    ['k', 'кκ'],
    ['l', 'ӏł'],
    ['m', 'м'],
    ['n', 'ոռпη'],
    ['o', 'оοօøσ'],
    ['p', 'рρ'],
    ['q', 'ԛզ'],
    ['r', 'г'],
    ['s', 'ѕ'],
    ['t', 'тτ'],
    ['u', 'սυц'],
    ['v', 'ѵν'],
    ['w', 'ԝѡω'],
    ['x', 'хχ'],
    ['y', 'уүγ'],
    ['z', 'ᴢ'],
  ].flatMap(([ascii, letters]) => [...letters!].map((letter) => [letter, ascii!])),
)

/**
 * The letter by which an address is none that its writer means: mail to "gmaıl.com" or to a name in mixed alphabets
 * reaches nobody, or somebody else. Null when every letter is in its place.
 */
export function findForeignLetter(typed: string): string | null {
  const at = typed.lastIndexOf('@')
  if (at < 1 || !(NOT_ASCII.test(typed) || /xn--/i.test(typed))) return null
  return inDomain(typed.slice(at + 1)) ?? inLocalPart(typed.slice(0, at), typed.slice(at + 1))
}

function inDomain(typed: string): string | null {
  const decoded = domainToUnicode(domainToASCII(typed))
  const labels = decoded.split('.')
  const posing = mailDomains.has(skeleton(decoded)) && !mailDomains.has(decoded)
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
  const others = text.replace(TURKIC_I, '')
  return !UNMIXED.test(text) || (others !== text && !NOT_ASCII.test(others))
}

const letterIn = (text: string) => NOT_ASCII.exec(text)?.[0] ?? null

/** What a domain is read as: without marks, in letters of ASCII. */
function skeleton(domain: string): string {
  const bare = domain.normalize('NFKD').replace(/\p{M}/gu, '')
  return [...bare].map((letter) => ALIKE[letter] ?? letter).join('')
}
