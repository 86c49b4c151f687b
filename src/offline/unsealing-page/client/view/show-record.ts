import { isProblem } from '../list-state.ts'
import type { Signer } from '../open-batch.ts'
import type { Page } from '../page.ts'
import { countryName, formatMoment, languageName, onLanguage, t } from '../strings.ts'
import { byId, make, tell } from './elements.ts'
import { kindMeaning, problemText, problemTitle } from './problem-words.ts'
import { displayName } from './search-tools.ts'
import { rowButton } from './show-table.ts'

const dialog = () => byId<HTMLDialogElement>('record')

export function listenToRecord(page: Page): void {
  onLanguage(() => write(page))
  byId('record-close').addEventListener('click', () => dialog().close())
  byId('record-previous').addEventListener('click', () => step(page, -1))
  byId('record-next').addEventListener('click', () => step(page, 1))
  dialog().addEventListener('close', () => {
    if (page.held.record !== null) rowButton(page.held.record)?.focus()
    forget(page)
  })
}

/** @param position among all records that match */
export function showRecord(page: Page, position: number): void {
  page.held.record = position
  write(page)
  dialog().showModal()
  byId('record-heading').focus()
}

export function closeRecord(page: Page): void {
  forget(page)
  dialog().close()
}

function step(page: Page, by: number): void {
  const { held } = page
  if (held.record === null || !held.list?.matching[held.record + by]) return
  held.record += by
  write(page)
  byId('record-heading').focus()
}

function forget(page: Page): void {
  page.held.record = null
  byId('record-heading').replaceChildren()
  byId('record-fields').replaceChildren()
}

function write({ held: { list: state, record } }: Page): void {
  const entry = record === null ? undefined : state?.matching[record]
  if (!state || !entry) return
  const { matching, list } = state
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
  byId('record-previous').setAttribute('aria-disabled', String(record === 0))
  byId('record-next').setAttribute('aria-disabled', String(record === matching.length - 1))
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
