import type { Problem } from '../gather-list.ts'
import { type Entry, isProblem, type ListState } from '../list-state.ts'
import type { Signer } from '../open-batch.ts'
import { countryName, formatMoment, languageName, t } from '../strings.ts'
import { byId, make } from './elements.ts'
import { kindName, problemText, problemTitle } from './problem-words.ts'
import { displayName } from './search-tools.ts'

const SIGNER_COLUMNS = ['name', 'email', 'country', 'language', 'display', 'confirmed'] as const
const PROBLEM_COLUMNS = ['record', 'problem', 'name', 'email'] as const

/** @param onOpen called with the position of a record among all that match */
export function listenToRows(onOpen: (position: number) => void): void {
  const rows = byId('rows')
  rows.addEventListener('click', ({ target }) => {
    const row = target instanceof Element && target.closest<HTMLElement>('[data-position]')
    // Selecting text in a row is for copying it, not for opening the record.
    if (row && !getSelection()?.toString()) onOpen(Number(row.dataset.position))
  })
  rows.addEventListener('keydown', (event) => {
    const buttons = [...rows.querySelectorAll('button')]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const steps = new Map([
      ['ArrowDown', at + 1],
      ['ArrowUp', at - 1],
      ['Home', 0],
      ['End', buttons.length - 1],
    ])
    const to = buttons[steps.get(event.key) ?? -1]
    if (!to) return
    event.preventDefault()
    to.focus()
  })
}

/** One page of what matches. */
export function writeTable({ view, list, matching, page, pageRows }: ListState): void {
  const from = page * pageRows
  const columns = view === 'signers' ? SIGNER_COLUMNS : PROBLEM_COLUMNS
  byId('table').hidden = matching.length === 0
  byId('table').className = view
  byId('caption').textContent = t(`unsealing.table.${view}`)
  byId('columns').replaceChildren(
    make(
      'tr',
      { role: 'row' },
      ...columns.map((column) =>
        make(
          'th',
          { scope: 'col', role: 'columnheader', class: column },
          t(`unsealing.column.${column}`),
        ),
      ),
    ),
  )
  const rows = matching.slice(from, from + pageRows).map((entry, index) => {
    const cells = isProblem(entry) ? problemCells(entry) : signerCells(entry, list.doubled)
    return make('tr', { role: 'row', 'data-position': String(from + index) }, ...cells)
  })
  byId('rows').replaceChildren(...rows)
}

export function clearTable(): void {
  for (const id of ['rows', 'columns', 'caption']) byId(id).replaceChildren()
}

/** Where the focus goes when the record is closed. */
export function rowButton(position: number): HTMLElement | null {
  return byId('rows').querySelector<HTMLElement>(`[data-position="${position}"] button`)
}

function signerCells(signer: Signer, doubled: ReadonlySet<Entry>): HTMLElement[] {
  const { name, email, country, language, display, confirmedAt } = signer
  const notes = doubled.has(signer)
    ? [make('span', { class: 'flag' }, kindName('same e-mail'))]
    : []
  return [
    cell('name', opens(name), ...notes),
    cell('email', make('bdi', {}, email)),
    cell('country', countryName(country)),
    cell('language', languageName(language)),
    cell('display', displayName(display)),
    cell('confirmed', formatMoment(confirmedAt)),
  ]
}

function problemCells(problem: Problem): HTMLElement[] {
  const { signer } = problem
  return [
    cell('record', opens(problemTitle(problem))),
    cell('problem', problemText(problem)),
    cell('name', make('bdi', {}, signer?.name ?? '')),
    cell('email', make('bdi', {}, signer?.email ?? '')),
  ]
}

function opens(text: string): HTMLElement {
  return make(
    'button',
    { type: 'button', class: 'link', dir: 'auto', 'aria-haspopup': 'dialog' },
    text,
  )
}

function cell(name: string, ...content: (Node | string)[]): HTMLElement {
  return make('td', { role: 'cell', class: name }, ...content)
}
