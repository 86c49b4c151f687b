import type { IncomingHttpHeaders } from 'node:http'
import { mailDomains } from '../platform/address/mail-domains.ts'

/**
 * What is noted of a form so that a farm of signers can be told from a crowd: coarse classes that thousands of people
 * share. Nothing that is unusual about one person gets a class of its own.
 */
export interface Traits {
  /** Of the address: the domain of a large provider; null for all others. */
  provider: string | null
  /** Whether a form with the same address came shortly before. */
  again: boolean
  /** As `latin 2 proper`: script, number of words, case. */
  name: string
  /** As `chrome android same`: browser, system, whether the browser's first language is the page's. */
  client: string
  /** Keyed hashes, in hex, that are stored only once three forms of a day have them in common; null where unknown. */
  network: string | null
  domain: string | null
}

/** What a form is described by. */
export interface Described {
  name: string
  /** Of the page. */
  language: string
  headers: Pick<IncomingHttpHeaders, 'user-agent' | 'accept-language'>
}

const SCRIPTS: readonly [name: string, letters: RegExp][] = [
  ['latin', /^\p{Script=Latin}+$/u],
  ['cyrillic', /^\p{Script=Cyrillic}+$/u],
  ['georgian', /^\p{Script=Georgian}+$/u],
  ['arabic', /^\p{Script=Arabic}+$/u],
  ['greek', /^\p{Script=Greek}+$/u],
]
const MOST_WORDS = 4

/** The shape of a name, by which lists that a program made differ from what people type. */
export function shapeOf(name: string): string {
  const letters = name.replace(/[^\p{L}]/gu, '')
  const script = SCRIPTS.find(([, pattern]) => pattern.test(letters))?.[0] ?? 'other'
  const words = name.split(/\s+/).filter(Boolean)
  const count = words.length >= MOST_WORDS ? `${MOST_WORDS}+` : String(words.length)
  return `${script} ${count} ${/\d/.test(name) ? 'digits' : caseOf(words)}`
}

function caseOf(words: string[]): 'lower' | 'upper' | 'proper' | 'mixed' {
  const all = words.join('')
  if (all === all.toLowerCase()) return 'lower'
  if (all === all.toUpperCase() && all.length > words.length) return 'upper'
  return words.every((word) => /^[^\p{L}]*[\p{Lu}\p{Lt}\p{Lo}]/u.test(word)) ? 'proper' : 'mixed'
}

/** The first that fits: others' user agents name these, too. */
const BROWSERS: readonly [name: string, pattern: RegExp][] = [
  ['edge', /\bEdg(?:A|iOS)?\//],
  ['samsung', /\bSamsungBrowser\//],
  ['yandex', /\bYaBrowser\//],
  ['opera', /\bOPR\//],
  ['in-app', /\b(?:FBAN|FBAV|Instagram|Telegram|WhatsApp)\b|; wv\)/],
  ['firefox', /\b(?:Firefox|FxiOS)\//],
  ['chrome', /\b(?:Chrome|CriOS)\//],
  ['safari', /\bSafari\//],
]
const SYSTEMS: readonly [name: string, pattern: RegExp][] = [
  ['android', /\bAndroid\b/],
  ['ios', /\b(?:iPhone|iPad|iPod)\b/],
  ['windows', /\bWindows\b/],
  ['mac', /\bMacintosh\b/],
  ['linux', /\bLinux\b/],
]

function clientOf({ headers, language }: Described): string {
  const agent = headers['user-agent'] ?? ''
  const first = /^[a-z]{2,3}/i.exec(headers['accept-language'] ?? '')?.[0].toLowerCase()
  const find = (list: typeof BROWSERS) =>
    list.find(([, pattern]) => pattern.test(agent))?.[0] ?? 'other'
  const speaks = first === undefined ? 'none' : first === language.slice(0, 2) ? 'same' : 'other'
  return `${find(BROWSERS)} ${find(SYSTEMS)} ${speaks}`
}

/** @param domain of the address */
export function describeForm(
  described: Described,
  domain: string,
): Pick<Traits, 'provider' | 'name' | 'client'> {
  return {
    provider: mailDomains.has(domain) ? domain : null,
    name: shapeOf(described.name),
    client: clientOf(described),
  }
}
