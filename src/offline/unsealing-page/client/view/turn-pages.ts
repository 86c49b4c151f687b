import { formatNumber, onLanguage, t } from '../strings.ts'
import { byId, fillSelect } from './elements.ts'
import type { ListState } from './list-state.ts'

const PAGE_ROWS = [50, 100, 500, 1000]
export const DEFAULT_PAGE_ROWS = 100

type Turned = Pick<ListState, 'page'> | Pick<ListState, 'page' | 'pageRows'>

let page = 0
let pages = 1

const rowsSelect = () => byId<HTMLSelectElement>('page-rows')

/** @param onTurned told which page is wanted */
export function listenToPager(onTurned: (turned: Turned) => void): void {
  onLanguage(() =>
    fillSelect(
      rowsSelect(),
      PAGE_ROWS.map((rows) => [String(rows), formatNumber(rows)]),
    ),
  )
  const steps = {
    first: () => 0,
    previous: () => page - 1,
    next: () => page + 1,
    last: () => pages - 1,
  }
  for (const [name, to] of Object.entries(steps)) {
    byId(`page-${name}`).addEventListener('click', ({ currentTarget }) => {
      // Not disabled, so that the focus stays where it is at either end.
      if ((currentTarget as HTMLElement).getAttribute('aria-disabled') === 'true') return
      onTurned({ page: to() })
    })
  }
  rowsSelect().addEventListener('change', () => {
    onTurned({ page: 0, pageRows: Number(rowsSelect().value) })
  })
}

export function writePager(state: ListState): void {
  page = state.page
  pages = Math.max(1, Math.ceil(state.matching.length / state.pageRows))
  rowsSelect().value = String(state.pageRows)
  byId('pager').hidden = state.matching.length <= Math.min(...PAGE_ROWS)
  byId('page-number').textContent = t('unsealing.pager.page', { page: page + 1, pages })
  for (const name of ['first', 'previous']) disable(name, page === 0)
  for (const name of ['last', 'next']) disable(name, page >= pages - 1)
}

function disable(name: string, off: boolean): void {
  byId(`page-${name}`).setAttribute('aria-disabled', String(off))
}
