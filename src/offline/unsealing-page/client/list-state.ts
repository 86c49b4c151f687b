import type { Problem, ProblemKind, SignerList } from './gather-list.ts'
import type { Signer } from './open-batch.ts'
import { createSelection, findWords, type Wanted } from './select-signers.ts'
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
