import { VISIBLE_LETTER } from '../shown/public-name.ts'
import { endings, neverNames, seldomNames } from './address-endings.ts'
import { asRead } from './person-text.ts'

/** `J.R`, `anna.maria` and `evil.com` are words. */
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}._-]+/u
/** A path or a port behind a dot and letters, which no name has. Not `M.Li/J.Wu`. */
const PATH = /[\p{L}\p{N}]\.(?:\p{L}{2,}\/[\p{Ll}\p{N}]|(?:\p{Ll}{2,}|\p{Lu}{2,})(?:\/\S|:\d))/u
const IP_ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/

/** `Mr.No` is a person. */
const TITLES = new Set('dr fr hr ing jr lic mag mme mr mrs ms prof sr st sta sto'.split(' '))
/** Within names, behind a short word and before a capital: `van.de Velde`, `Ma.de Lourdes`. */
const PARTICLES = new Set('af al am de do im la st'.split(' '))
const BEFORE_PARTICLE = 3
/** In capitals behind a name: `Smith.MA`. */
const DEGREES = new Set('BA MA MS SC'.split(' '))

/**
 * `me@home.example`, also with spaces around its signs, and `@me`. `Amig@s` is neither, nor is `Anna @ Bob`; nor
 * `Anna @ B. Smith`, where a capital follows the dot.
 */
const MAIL_OR_USER = [
  /@[\p{L}\p{N}_-]+[.,][\p{L}\p{N}]/u,
  /@\s*[\p{L}\p{N}_-]+\s*\.\s*(?:\p{Ll}|\p{Lo}|\p{Lu}{2})/u,
  /(?<![\p{L}\p{N}])@[\p{L}\p{N}_]/u,
  /^@/,
]

/**
 * Finds a part of a name that strangers would read as something else than a name. Compatibility forms, such as
 * full-width letters, are read as the letters they look like.
 */
export function findNoName(name: string): 'link' | 'address' | 'letters' | null {
  const read = asRead(name)
  if (MAIL_OR_USER.some((pattern) => pattern.test(read))) return 'address'
  if (PATH.test(read) || IP_ADDRESS.test(read) || hasWebAddress(read)) return 'link'
  return hasLetter(name, read) ? null : 'letters'
}

/** Of ™, which is read as TM, no name is made; nor of pictures, of a telephone number, or of marks left of a tatweel. */
const hasLetter = (name: string, read: string) => /\p{L}/u.test(name) && VISIBLE_LETTER.test(read)

function hasWebAddress(text: string): boolean {
  // Readers ignore a space before the dot: `evil .com`.
  const closed = text.replace(/ \.(?=\p{L}{2})/gu, '.')
  const words = closed.split(BETWEEN_WORDS)
  return words.some((word, at) => {
    const labels = word.split('.').map(withoutHyphens).filter(Boolean)
    const isBeforeCapital = /^\p{Lu}/u.test(words[at + 1] ?? '')
    return (
      labels.some((label) => /^xn-/i.test(label)) ||
      labels.slice(1).some((label, before) => isAddressBy(labels[before]!, label)) ||
      endsAddress(labels, isBeforeCapital)
    )
  })
}

/** At its ends; in a row they are one. */
const withoutHyphens = (label: string) => label.split(/[_-]/).filter(Boolean).join('-')

/** By an ending that shows an address in any position: `evil.com.now`, `evil.com-free`. */
function isAddressBy(before: string, label: string): boolean {
  const stem = label.split('-')[0]!
  const small = stem.toLowerCase()
  if (neverNames.has(small)) return true
  const mayBeName = isCapitalised(stem) && (isSingle(before) || stem !== label)
  return seldomNames.has(small) && !mayBeName
}

/** By an ending that may be a name or a part of one, and is so where it begins with a capital or follows one letter. */
function endsAddress(labels: string[], isBeforeCapital: boolean): boolean {
  const [before, ending] = labels.slice(-2)
  if (!before || !ending || isSingle(before) || isCapitalised(ending)) return false
  if (labels.length === 2 && TITLES.has(before.toLowerCase())) return false
  const small = ending.toLowerCase()
  const isParticle = PARTICLES.has(small) && [...before].length <= BEFORE_PARTICLE
  if (DEGREES.has(ending) || (isParticle && isBeforeCapital)) return false
  return endings.has(small) || (ending.length <= 4 && isMixed(before + ending))
}

/** Nobody's name, but a `.cоm` with a letter of Cyrillic. */
const isMixed = (text: string) =>
  /\p{Script=Latin}/u.test(text) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(text)

const isSingle = (label: string) => /^.\p{M}*$/u.test(label)
const isCapitalised = (label: string) => /^\p{Lu}\p{M}*\p{Ll}/u.test(label)
