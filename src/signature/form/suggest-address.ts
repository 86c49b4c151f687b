import { domainToASCII } from 'node:url'
import { isCountry } from './countries.ts'
import { mailDomains } from './mail-domains.ts'

/** Names so short are one letter away from too many others. */
const SHORTEST_NAME = 5
/** Ends that are none's mistake, beside those of countries. */
const ENDS = new Set('com net org edu gov info biz eu uk su me io'.split(' '))
/** Names under which nobody else has mail: any other end of theirs is a slip. */
const SINGLE = new Set(['gmail', 'googlemail', 'icloud', 'protonmail'])
/** Names with ends of many countries, of which an end like "com" is none. */
const MANIFOLD = new Set(['yahoo', 'hotmail', 'outlook', 'live', 'yandex'])

const known = [...mailDomains].map((domain) => ({ domain, ...split(domain) }))
const names = new Set(known.map(({ name }) => name))

/**
 * The address that was probably meant, for a slip in the domain of a well-known provider: one letter too many, too
 * few or wrong, or two that changed places. Asked of the writer, never taken for granted.
 */
export function suggestAddress(typed: string): string | null {
  const at = typed.lastIndexOf('@')
  const domain = domainToASCII(typed.slice(at + 1))
  if (at < 1 || !domain || mailDomains.has(domain)) return null
  const { name, end } = split(domain)
  const isMeant = (meant: string) =>
    isSlip(end, meant) && (!isEnd(end) || (meant === 'com' && MANIFOLD.has(name)))
  const meant =
    known.find(
      (each) =>
        each.name === name &&
        (SINGLE.has(name) || isMeant(each.end) || end.startsWith(`${each.end}.`)),
    ) ??
    known.find(
      (each) =>
        !names.has(name) && isNameSlip(name, each.name) && (each.end === end || isMeant(each.end)),
    )
  return meant ? `${typed.slice(0, at)}@${meant.domain}` : null
}

function split(domain: string): { name: string; end: string } {
  const dot = domain.indexOf('.')
  return { name: domain.slice(0, dot), end: domain.slice(dot + 1) }
}

function isEnd(end: string): boolean {
  const last = end.slice(end.lastIndexOf('.') + 1)
  return ENDS.has(last) || isCountry(last.toUpperCase())
}

function isNameSlip(name: string, meant: string): boolean {
  if (meant.length < SHORTEST_NAME - 1) return false
  return meant.length < SHORTEST_NAME ? isSwapped(name, meant) : isSlip(name, meant)
}

/** Damerau's four slips of a typist: a letter left out, put in, changed for another, or two swapped. */
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
