import { writeCsv } from '../list/write-csv.ts'
import type { Signer } from '../open/open-batch.ts'
import { onLanguage, t } from '../strings.ts'
import { byId, make, tell } from './elements.ts'
import { isProblem, type ListState } from './list-state.ts'

/** Time for the browser to take the file over. */
const KEEP_MS = 60_000

let savedAs: string | null = null
let address: string | null = null

export function listenToSaving(getState: () => ListState | null): void {
  onLanguage(tellSaved)
  byId('save-all').addEventListener('click', () => {
    const state = getState()
    if (state)
      save(
        state.select({ ...state.wanted, words: '', country: '', language: '', display: '' }),
        `signers-${state.list.petition}.csv`,
      )
  })
  byId('save-matching').addEventListener('click', () => {
    const state = getState()
    const signers = state?.matching.filter((entry) => !isProblem(entry)) as Signer[]
    if (state) save(signers, `signers-${state.list.petition}-selection.csv`)
  })
}

/** @param matching how many signers the search and the filters leave; null when they leave all */
export function writeSaving({ all, matching }: { all: number; matching: number | null }): void {
  byId('saving').hidden = all === 0
  byId('save-all').textContent = t('unsealing.save.all', { count: all })
  byId('save-matching').hidden = !matching
  byId('save-matching').textContent = matching
    ? t('unsealing.save.matching', { count: matching })
    : ''
}

export function forgetSaved(): void {
  savedAs = null
  tellSaved()
  release()
}

function save(signers: readonly Signer[], name: string): void {
  release()
  address = URL.createObjectURL(new Blob(writeCsv(signers), { type: 'text/csv;charset=utf-8' }))
  make('a', { href: address, download: name }).click()
  const mine = address
  setTimeout(() => mine === address && release(), KEEP_MS)
  savedAs = name
  tellSaved()
}

function tellSaved(): void {
  tell(byId('saved'), savedAs && t('unsealing.save.saved', { name: savedAs }))
}

function release(): void {
  if (address) URL.revokeObjectURL(address)
  address = null
}
