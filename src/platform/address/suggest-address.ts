import { domainToASCII, domainToUnicode } from 'node:url'
import { isCountry } from '../i18n/countries.ts'
import { mailDomains } from './mail-domains.ts'
import { readAscii } from './skeleton.ts'

/** Shorter names are one letter away from too many others. */
const SHORTEST_NAME = 5
/** Top-level domains beside those of countries that are no slip. */
const ENDS = new Set('com net org edu gov info biz eu uk su me io'.split(' '))
/** Names under which nobody else has mail: any other top-level domain is a slip. */
const SINGLE = new Set(['gmail', 'googlemail', 'icloud', 'protonmail'])
/** Names with domains in many countries, none of which is one slip away from "com": "yahoo.co" is a slip. */
const MANIFOLD = new Set(['yahoo', 'hotmail', 'outlook', 'live', 'yandex'])

const known = [...mailDomains].map((domain) => ({ domain, ...asRead(domain) }))
const names = new Set(known.map(({ name }) => name))

/**
 * The address that was probably meant: with "i" for each "ı" among ASCII letters, and without a slip in the domain of
 * a well-known provider. The writer is asked; it is never assumed.
 */
export function suggestAddress(typed: string): string | null {
  const at = typed.lastIndexOf('@')
  const ascii = domainToASCII(typed.slice(at + 1))
  if (at < 1 || !ascii) return null
  const local = typed.slice(0, at)
  const domain = ascii.includes('xn--') ? domainToUnicode(ascii) : ascii
  const dottedLocal = withDots(local)
  const dottedDomain = domain.split('.').map(withDots).join('.')
  const meant = findMeant(dottedDomain)
  if (!meant && local === dottedLocal && domain === dottedDomain) return null
  return `${dottedLocal}@${meant ?? dottedDomain}`
}

/** Changes only a label or local part with no other letter beyond ASCII: often a Turkic keyboard's I in an English word. */
const withDots = (text: string): string =>
  /^[\p{ASCII}\u0131]*$/u.test(text) ? text.replaceAll('\u0131', 'i') : text

/** The domain that was meant, for a slip: one letter too many, too few or wrong, or two that changed places. */
function findMeant(domain: string): string | null {
  if (mailDomains.has(domain)) return null
  const typed = asRead(domain)
  const { name, end } = typed
  const isMeant = (meant: string) =>
    isSlip(end, meant) && (!isEnd(end) || (meant === 'com' && MANIFOLD.has(name)))
  const isLonger = (meant: string) => !isEnd(end) && end.startsWith(`${meant}.`)
  const meant =
    known.find(
      (each) => each.name === name && (SINGLE.has(name) || isMeant(each.end) || isLonger(each.end)),
    ) ??
    known.find(
      (each) =>
        !names.has(name) && isNameSlip(typed, each) && (each.end === end || isMeant(each.end)),
    )
  return meant?.domain ?? null
}

interface Parts {
  name: string
  end: string
  /** The name as it is read: see `readAscii`. */
  read: string
}

function asRead(domain: string): Parts {
  const dot = domain.indexOf('.')
  const name = domain.slice(0, dot)
  return { name, end: domain.slice(dot + 1), read: readAscii(name) }
}

function isEnd(end: string): boolean {
  const last = end.slice(end.lastIndexOf('.') + 1)
  return ENDS.has(last) || isCountry(last.toUpperCase())
}

function isNameSlip({ name, read }: Parts, meant: Parts): boolean {
  if (meant.name.length < SHORTEST_NAME - 1) return false
  if (read === meant.read) return true
  return meant.name.length < SHORTEST_NAME ? isSwapped(name, meant.name) : isSlip(name, meant.name)
}

/** Damerau's four typing slips: a letter left out, put in, changed for another, or two swapped. */
function isSlip(text: string, meant: string): boolean {
  const [short, long] = text.length < meant.length ? [text, meant] : [meant, text]
  if (long.length - short.length > 1) return false
  let at = 0
  while (at < short.length && short[at] === long[at]) at++
  if (long.length > short.length) return short.slice(at) === long.slice(at + 1)
  return text.slice(at + 1) === meant.slice(at + 1) || isSwapped(text, meant)
}

function isSwapped(text: string, meant: string): boolean {
  if (text.length !== meant.length || text === meant) return false
  let at = 0
  while (text[at] === meant[at]) at++
  return (
    text[at] === meant[at + 1] &&
    text[at + 1] === meant[at] &&
    text.slice(at + 2) === meant.slice(at + 2)
  )
}
