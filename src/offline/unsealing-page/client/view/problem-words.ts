import { type Problem, type ProblemKind, problemKinds } from '../gather-list.ts'
import type { ListState, OpenedList } from '../list-state.ts'
import { formatNumber, t } from '../strings.ts'
import { byId, make } from './elements.ts'

const WORDS: Readonly<Record<ProblemKind, string>> = {
  mismatch: 'mismatch',
  misplaced: 'misplaced',
  repeated: 'repeated',
  'same e-mail': 'sameEmail',
  damaged: 'damaged',
  'no record': 'noRecord',
  'other keys': 'otherKeys',
}

export function kindName(kind: ProblemKind): string {
  const word = WORDS[kind]
  return t(`unsealing.problem.${word}.name`)
}

export function kindMeaning(kind: ProblemKind): string {
  const word = WORDS[kind]
  return t(`unsealing.problem.${word}.meaning`)
}

/** The title of a record with a problem: its number, else its line in the file. */
export function problemTitle({ id, line }: Problem): string {
  return id === null
    ? t('unsealing.problem.line', { line: String(line) })
    : t('unsealing.problem.record', { id })
}

/** The problem, and the other record that it is about. */
export function problemText({ kind, earlier }: Problem): string {
  if (kind === 'repeated' && earlier) {
    return `${kindName(kind)}: ${t('unsealing.problem.line', { line: String(earlier.line) })}`
  }
  return earlier
    ? `${kindName(kind)}: ${t('unsealing.problem.record', { id: earlier.id })}`
    : kindName(kind)
}

/** The result of the checks for the file as a whole. */
export function writeSummary({ announced, lines, problems, signers }: OpenedList): void {
  const notes: HTMLElement[] = []
  const warn = (text: string) => notes.push(make('p', { class: 'warning' }, text))
  const sizes = { records: t('unsealing.summary.records', { count: announced }), found: lines }
  if (lines < announced) warn(t('unsealing.summary.short', sizes))
  if (lines > announced) warn(t('unsealing.summary.more', sizes))
  if (problems.length > 0) warn(t('unsealing.summary.problems', { count: problems.length }))
  else if (signers.length > 0 && notes.length === 0) {
    notes.push(make('p', {}, t('unsealing.summary.allWell')))
  }
  byId('summary').replaceChildren(...notes)
}

/** The meaning of each kind of problem in the list, while problems are shown. */
export function writeExplanations({ view, list }: ListState): void {
  const counts = new Map<string, number>()
  for (const { kind } of list.problems) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const kinds = view === 'problems' ? problemKinds.filter((kind) => counts.has(kind)) : []
  const entries = kinds.map((kind) =>
    make(
      'div',
      {},
      make('dt', {}, `${kindName(kind)} (${formatNumber(counts.get(kind)!)})`),
      make('dd', {}, kindMeaning(kind)),
    ),
  )
  const explained = byId('explained')
  explained.replaceChildren(
    ...(entries.length > 0 ? [make('dl', { class: 'particulars' }, ...entries)] : []),
  )
}
