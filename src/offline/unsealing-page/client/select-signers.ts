import { splitName } from '../../../sealing/record/list-columns.ts'
import type { Signer } from './open-batch.ts'

export const orders = ['first', 'latest', 'name', 'lastName', 'country'] as const
export type Order = (typeof orders)[number]

/** Empty where nothing is asked for. */
export interface Wanted {
  words: string
  country: string
  language: string
  display: string
  order: Order
}

export interface Names {
  /** Compares texts as the reader's language does. */
  compare(a: string, b: string): number
  country(code: string): string
}

/** @returns a function that finds the signers that are wanted; orders are worked out once each */
export function createSelection(signers: readonly Signer[], names: Names) {
  const sorted = new Map<Order, readonly Signer[]>()

  return (wanted: Wanted): readonly Signer[] => {
    const { words, country, language, display, order } = wanted
    const ready = sorted.get(order) ?? sort(signers, order, names)
    sorted.set(order, ready)
    const finds = findWords(words)
    return ready.filter(
      (signer) =>
        (!country || signer.country === country) &&
        (!language || signer.language === language) &&
        (!display || signer.display === display) &&
        finds(signer.find),
    )
  }
}

/** Whether every word of a search stands somewhere in a folded text. */
export function findWords(words: string): (find: string) => boolean {
  const parts = fold(words).split(/\s+/).filter(Boolean)
  return (find) => parts.every((part) => find.includes(part))
}

function sort(signers: readonly Signer[], order: Order, names: Names): readonly Signer[] {
  const bySigning = (a: Signer, b: Signer) =>
    a.confirmedAt < b.confirmedAt ? -1 : a.confirmedAt > b.confirmedAt ? 1 : a.line - b.line
  if (order === 'first') return [...signers].sort(bySigning)
  if (order === 'latest') return [...signers].sort((a, b) => bySigning(b, a))
  const textOf = (signer: Signer): string => {
    if (order === 'country') return names.country(signer.country)
    const { first, last } = splitName(signer.name)
    return order === 'name' ? signer.name : last || first
  }
  return signers
    .map((signer) => ({ signer, text: textOf(signer) }))
    .sort((a, b) => names.compare(a.text, b.text) || bySigning(a.signer, b.signer))
    .map(({ signer }) => signer)
}

/** Letters that people without the right keyboard write as others, and Unicode takes for letters of their own. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['ə', 'e'],
  ['ı', 'i'],
  ['ł', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ß', 'ss'],
])
const LETTERS = /[əıłøđß]/g
/** Accents, vowel points, and the joiners that Persian names hold without being seen. */
const UNSEEN = /[\p{M}\u200b-\u200d]/gu

/** A text as the search compares it: "eliyev" finds "Əliyev", "ёлкина" finds "Елкина" and the reverse. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(UNSEEN, '')
    .replace(LETTERS, (letter) => PLAIN.get(letter)!)
}
