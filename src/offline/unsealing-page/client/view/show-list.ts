import { formatMoment, onLanguage, t } from '../strings.ts'
import { byId } from './elements.ts'
import {
  type Asked,
  isFiltered,
  type ListState,
  type OpenedList,
  selectEntries,
  selectionFor,
} from './list-state.ts'
import { forgetSaved, listenToSaving, writeSaving } from './save-list.ts'
import { listenToTools, readTools, resetTools, writeTools } from './search-tools.ts'
import { closeRecord, listenToRecord, showRecord } from './show-record.ts'
import { nameWindow } from './show-screen.ts'
import { DEFAULT_PAGE_ROWS, listenToPager, writePager } from './turn-pages.ts'
import { writeExplanations, writeSummary } from './write-summary.ts'
import { clearTable, listenToRows, writeTable } from './write-table.ts'

/** Null while no list is open. */
let state: ListState | null = null

export function listenToList(): void {
  onLanguage(() => {
    if (state) change({ select: selectionFor(state.list) })
  })
  listenToTools((asked) => change({ ...asked, page: 0 }))
  listenToPager((turned) => {
    change(turned)
    byId('found').scrollIntoView({ block: 'start' })
  })
  listenToRows((place) => state && showRecord(state, place))
  listenToRecord()
  listenToSaving(() => state)
}

export function openList(list: OpenedList): void {
  resetTools()
  const select = selectionFor(list)
  state = { list, select, matching: [], page: 0, pageRows: DEFAULT_PAGE_ROWS, ...readTools() }
  change({})
}

/** Drops everything that was opened: from memory, and from the page. */
export function forgetList(): void {
  state = null
  closeRecord()
  forgetSaved()
  clearTable()
  resetTools()
  for (const id of ['list-heading', 'list-export', 'summary', 'explained', 'found']) {
    byId(id).replaceChildren()
  }
}

function change(changed: Partial<Omit<ListState, keyof Asked>> & Partial<Asked>): void {
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
