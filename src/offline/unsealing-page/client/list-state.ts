import { splitName } from '../../../sealing/record/list-columns.ts'
import type { Problem, ProblemKind, SignerList } from './gather-list.ts'
import type { Signer } from './open-batch.ts'
import { collator, countryName } from './strings.ts'

export interface OpenedList extends SignerList {
  /** Slug. */
  petition: string
  exportedAt: string
  /** How many records the file says it has, and how many lines it has. */
  announced: number
  lines: number
}

/** The record of a row of the table. */
export type Entry = Signer | Problem

export const isProblem = (entry: Entry): entry is Problem => 'kind' in entry

/** The reader's choice of view, search and filters. */
export interface Asked {
  view: 'signers' | 'problems'
  wanted: Wanted
  /** Empty: every kind. */
  kind: ProblemKind | ''
}

export interface ListState extends Asked {
  list: OpenedList
  select: (wanted: Wanted) => readonly Signer[]
  /** Everything that is asked for, on whichever page. */
  matching: readonly Entry[]
  /** From 0. */
  page: number
  pageRows: number
}

/** To be made anew when the language changes: names then sort otherwise. */
export function selectionFor({ signers }: OpenedList): ListState['select'] {
  const names = new Map<string, string>()
  const country = (code: string) => {
    const name = names.get(code) ?? countryName(code)
    names.set(code, name)
    return name
  }
  return createSelection(signers, { compare: collator().compare, country })
}

export function selectEntries({ view, wanted, kind, list, select }: ListState): readonly Entry[] {
  if (view === 'signers') return select(wanted)
  const finds = findWords(wanted.words)
  return list.problems.filter(
    (problem) =>
      (!kind || problem.kind === kind) && finds(problem.signer?.find ?? problem.id ?? ''),
  )
}

/** True when something is left out. */
export function isFiltered({ view, wanted, kind }: Asked): boolean {
  const { words, country, language, display } = wanted
  if (words.trim() !== '') return true
  return view === 'problems' ? kind !== '' : [country, language, display].some(Boolean)
}

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
