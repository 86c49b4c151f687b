import {
  isFiltered,
  type ListState,
  type OpenedList,
  selectEntries,
  selectionFor,
} from '../list-state.ts'
import type { Page } from '../page.ts'
import { formatMoment, formatNumber, onLanguage, t } from '../strings.ts'
import { byId, fillSelect } from './elements.ts'
import { writeExplanations, writeSummary } from './problem-words.ts'
import { forgetSaved, listenToSaving, writeSaving } from './save-list.ts'
import { listenToTools, readTools, resetTools, writeTools } from './search-tools.ts'
import { closeRecord, listenToRecord, showRecord } from './show-record.ts'
import { nameWindow } from './show-screen.ts'
import { clearTable, listenToRows, writeTable } from './show-table.ts'

const PAGE_ROWS = [50, 100, 500, 1000] as const
const DEFAULT_PAGE_ROWS = 100

const rowsSelect = () => byId<HTMLSelectElement>('page-rows')

export function listenToList(page: Page): void {
  onLanguage(() => {
    const state = page.held.list
    if (state) change(page, { select: selectionFor(state.list) })
  })
  listenToTools((asked) => change(page, { ...asked, page: 0 }))
  listenToPager(page)
  listenToRows((position) => page.held.list && showRecord(page, position))
  listenToRecord(page)
  listenToSaving(page)
}

export function openList(page: Page, list: OpenedList): void {
  resetTools()
  const select = selectionFor(list)
  const pageRows = DEFAULT_PAGE_ROWS
  page.held.list = { list, select, matching: [], page: 0, pageRows, ...readTools() }
  change(page, {})
}

/** Drops everything that was opened: from memory, and from the page. */
export function forgetList(page: Page): void {
  page.held.list = null
  closeRecord(page)
  forgetSaved(page)
  clearTable()
  resetTools()
  for (const id of ['list-heading', 'list-export', 'summary', 'explained', 'found']) {
    byId(id).replaceChildren()
  }
}

function change(page: Page, changed: Partial<ListState>): void {
  const state = page.held.list
  if (!state) return
  Object.assign(state, changed)
  state.matching = selectEntries(state)
  write(state)
}

function write(state: ListState): void {
  const { list, view, matching } = state
  byId('list-heading').textContent = t('unsealing.list.heading', { petition: list.petition })
  byId('list-export').textContent = t('unsealing.list.exported', {
    date: formatMoment(list.exportedAt),
  })
  writeSummary(list)
  writeExplanations(state)
  writeTools(state)
  const all = view === 'signers' ? list.signers.length : list.problems.length
  byId('found').textContent =
    matching.length === 0
      ? t('unsealing.list.none')
      : t('unsealing.list.found', { found: matching.length, all })
  byId('clear').hidden = !isFiltered(state)
  writeTable(state)
  writePager(state)
  writeSaving({
    all: list.signers.length,
    matching: view === 'signers' && isFiltered(state) ? matching.length : null,
  })
  nameWindow()
}

function listenToPager(page: Page): void {
  const turn = (turned: Partial<ListState>) => {
    change(page, turned)
    byId('found').scrollIntoView({ block: 'start' })
  }
  onLanguage(() =>
    fillSelect(
      rowsSelect(),
      PAGE_ROWS.map((rows) => [String(rows), formatNumber(rows)]),
    ),
  )
  const steps = {
    first: () => 0,
    previous: (state: ListState) => state.page - 1,
    next: (state: ListState) => state.page + 1,
    last: (state: ListState) => countPages(state) - 1,
  }
  for (const [name, to] of Object.entries(steps)) {
    byId(`page-${name}`).addEventListener('click', ({ currentTarget }) => {
      // Not disabled, so that the focus stays where it is at either end.
      if ((currentTarget as HTMLElement).getAttribute('aria-disabled') === 'true') return
      if (page.held.list) turn({ page: to(page.held.list) })
    })
  }
  rowsSelect().addEventListener('change', () => {
    turn({ page: 0, pageRows: Number(rowsSelect().value) })
  })
}

const countPages = ({ matching, pageRows }: ListState) =>
  Math.max(1, Math.ceil(matching.length / pageRows))

function writePager(state: ListState): void {
  const { page } = state
  const pages = countPages(state)
  rowsSelect().value = String(state.pageRows)
  byId('pager').hidden = state.matching.length <= Math.min(...PAGE_ROWS)
  byId('page-number').textContent = t('unsealing.pager.page', { page: page + 1, pages })
  for (const name of ['first', 'previous']) disable(name, page === 0)
  for (const name of ['last', 'next']) disable(name, page >= pages - 1)
}

function disable(name: string, off: boolean): void {
  byId(`page-${name}`).setAttribute('aria-disabled', String(off))
}
