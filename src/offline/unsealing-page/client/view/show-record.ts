import type { Signer } from '../open-batch.ts'
import { countryName, formatMoment, languageName, onLanguage, t } from '../strings.ts'
import { byId, make, tell } from './elements.ts'
import { isProblem, type ListState } from './list-state.ts'
import { kindMeaning, problemText, problemTitle } from './problem-words.ts'
import { displayName } from './search-tools.ts'
import { rowButton } from './write-table.ts'

/** The record that is shown, by its place among all that match. */
let shown: { state: ListState; place: number } | null = null

const dialog = () => byId<HTMLDialogElement>('record')

export function listenToRecord(): void {
  onLanguage(write)
  byId('record-close').addEventListener('click', () => dialog().close())
  byId('record-previous').addEventListener('click', () => step(-1))
  byId('record-next').addEventListener('click', () => step(1))
  dialog().addEventListener('close', () => {
    if (shown) rowButton(shown.place)?.focus()
    forget()
  })
}

export function showRecord(state: ListState, place: number): void {
  shown = { state, place }
  write()
  dialog().showModal()
  byId('record-heading').focus()
}

export function closeRecord(): void {
  forget()
  dialog().close()
}

function step(by: number): void {
  if (!shown?.state.matching[shown.place + by]) return
  shown.place += by
  write()
  byId('record-heading').focus()
}

function forget(): void {
  shown = null
  byId('record-heading').replaceChildren()
  byId('record-fields').replaceChildren()
}

function write(): void {
  const entry = shown?.state.matching[shown.place]
  if (!shown || !entry) return
  const { matching, list } = shown.state
  const signer = isProblem(entry) ? entry.signer : entry
  const heading = byId('record-heading')
  heading.textContent = signer?.name ?? (isProblem(entry) ? problemTitle(entry) : '')
  heading.dir = 'auto'
  const doubled = signer && !isProblem(entry) && list.doubled.has(signer)
  const problem = isProblem(entry)
    ? entry
    : doubled && list.problems.find((each) => each.signer === signer)
  tell(
    byId('record-problem'),
    problem ? `${problemText(problem)}. ${kindMeaning(problem.kind)}` : null,
  )
  const { line, id } = entry
  byId('record-fields').replaceChildren(
    ...(signer ? signerFields(signer) : [field('id', id), field('line', String(line))]).filter(
      (each) => each !== null,
    ),
  )
  byId('record-previous').setAttribute('aria-disabled', String(shown.place === 0))
  byId('record-next').setAttribute('aria-disabled', String(shown.place === matching.length - 1))
}

function signerFields(signer: Signer): (HTMLElement | null)[] {
  const { email, normalisedEmail } = signer
  const other = normalisedEmail === email.toLowerCase() ? null : normalisedEmail
  return [
    field('email', email),
    field('normalisedEmail', other),
    field('country', countryName(signer.country)),
    field('postcode', signer.postcode),
    field('comment', signer.comment),
    field('display', displayName(signer.display)),
    field('language', languageName(signer.language)),
    field('updates', t('unsealing.record.updatesList')),
    field('signed', formatMoment(signer.signedAt)),
    field('confirmed', formatMoment(signer.confirmedAt)),
    field('source', signer.source),
    field('textVersion', String(signer.textVersion)),
    field('consentVersion', String(signer.consentVersion)),
    field('id', signer.id),
    field('index', signer.index === null ? null : String(signer.index)),
    field('line', String(signer.line)),
  ]
}

/** Nothing where there is nothing to say. */
function field(name: string, value: string | null): HTMLElement | null {
  if (!value) return null
  const label = make('dt', {}, t(`unsealing.record.${name}`))
  return make('div', {}, label, make('dd', { dir: 'auto', class: name }, value))
}
