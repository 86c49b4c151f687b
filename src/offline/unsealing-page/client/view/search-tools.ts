import { type ProblemKind, problemKinds } from '../gather-list.ts'
import type { Asked, OpenedList } from '../list-state.ts'
import type { Signer } from '../open-batch.ts'
import { type Order, orders } from '../select-signers.ts'
import { collator, countryName, formatNumber, languageName, t } from '../strings.ts'
import { byId, fillSelect } from './elements.ts'
import { kindName } from './problem-words.ts'

/** Typing is not answered letter by letter: a large list takes a moment. */
const PAUSE_MS = 150

const SELECTS = ['country', 'language', 'display', 'order', 'kind'] as const
const select = (id: (typeof SELECTS)[number]) => byId<HTMLSelectElement>(id)
const find = () => byId<HTMLInputElement>('find')
const views = () => document.querySelectorAll<HTMLInputElement>('[name="view"]')

/** @param onAsked called when the reader asks for something else */
export function listenToTools(onAsked: (asked: Asked) => void): void {
  let pause: ReturnType<typeof setTimeout>
  const tell = () => {
    clearTimeout(pause)
    onAsked(readTools())
  }
  find().addEventListener('input', () => {
    clearTimeout(pause)
    pause = setTimeout(tell, PAUSE_MS)
  })
  byId('tools').addEventListener('submit', (event) => {
    event.preventDefault()
    tell()
  })
  for (const id of SELECTS) select(id).addEventListener('change', tell)
  for (const view of views()) view.addEventListener('change', tell)
  byId('clear').addEventListener('click', () => {
    clearFilters()
    tell()
    find().focus()
  })
  document.addEventListener('keydown', goToSearch)
}

export function readTools(): Asked {
  const view = [...views()].find(({ checked }) => checked)?.value as Asked['view']
  const [country, language, display] = (['country', 'language', 'display'] as const).map(
    (id) => select(id).value,
  ) as [string, string, string]
  const order = (select('order').value || orders[0]) as Order
  return {
    view,
    wanted: { words: find().value, country, language, display, order },
    kind: select('kind').value as ProblemKind | '',
  }
}

export function resetTools(): void {
  for (const view of views()) view.checked = view.value === 'signers'
  for (const id of SELECTS) select(id).replaceChildren()
  find().value = ''
}

export function writeTools({ view, list }: { view: Asked['view']; list: OpenedList }): void {
  byId('view-signers').textContent = t('unsealing.list.signers', { count: list.signers.length })
  byId('view-problems').textContent = t('unsealing.list.problems', { count: list.problems.length })
  byId('views').hidden = list.problems.length === 0
  for (const field of document.querySelectorAll<HTMLElement>('.for-signers, .for-problems')) {
    field.hidden = !field.classList.contains(`for-${view}`)
  }
  const all = (text: string): [string, string] => ['', text]
  fillSelect(select('country'), [
    all(t('unsealing.filter.allCountries')),
    ...values(list.signers, 'country', countryName),
  ])
  fillSelect(select('language'), [
    all(t('unsealing.filter.allLanguages')),
    ...values(list.signers, 'language', languageName),
  ])
  fillSelect(select('display'), [
    all(t('unsealing.filter.allDisplays')),
    ...values(list.signers, 'display', displayName),
  ])
  fillSelect(
    select('order'),
    orders.map((order) => [order, t(`unsealing.order.${order}`)]),
  )
  const kinds = problemKinds.filter((kind) => list.problems.some((each) => each.kind === kind))
  fillSelect(select('kind'), [
    all(t('unsealing.filter.allKinds')),
    ...kinds.map((kind): [string, string] => [kind, kindName(kind)]),
  ])
}

/** In words, also of a choice that a later version may add. */
export function displayName(display: string): string {
  return ['hidden', 'initials', 'name'].includes(display)
    ? t(`unsealing.display.${display}`)
    : display
}

/** Those that occur, each with how often, by name. */
function values(
  signers: readonly Signer[],
  field: 'country' | 'language' | 'display',
  nameOf: (value: string) => string,
): [string, string][] {
  const counts = new Map<string, number>()
  for (const signer of signers) counts.set(signer[field], (counts.get(signer[field]) ?? 0) + 1)
  const { compare } = collator()
  return [...counts]
    .map(([value, count]) => ({ value, name: nameOf(value), count }))
    .sort((a, b) => compare(a.name, b.name))
    .map(({ value, name, count }) => [value, `${name} (${formatNumber(count)})`])
}

function clearFilters(): void {
  find().value = ''
  for (const id of SELECTS) if (id !== 'order') select(id).value = ''
}

/** The slash, as on many sites. It can be switched off, since voice control may type it (WCAG 2.1.4). */
function goToSearch(event: KeyboardEvent): void {
  const { key, target } = event
  const typing =
    target instanceof Element &&
    target.closest('input:not([type="radio"]), select, textarea, dialog')
  const shown = find().offsetParent !== null
  if (key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing || !shown) return
  if (!byId<HTMLInputElement>('slash').checked) return
  event.preventDefault()
  find().select()
}
