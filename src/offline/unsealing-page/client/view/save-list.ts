import type { Signer } from '../open-batch.ts'
import { onLanguage, t } from '../strings.ts'
import { type FileType, writeFile } from '../write-file.ts'
import { byId, tell } from './elements.ts'
import { isProblem, type ListState } from './list-state.ts'
import { releaseFile, saveFile } from './save-file.ts'

const BUTTONS: Readonly<Record<FileType, { all: string; matching: string }>> = {
  xlsx: { all: 'save-all-xlsx', matching: 'save-matching-xlsx' },
  csv: { all: 'save-all', matching: 'save-matching' },
}
const TEXTS: typeof BUTTONS = {
  xlsx: { all: 'unsealing.save.allXlsx', matching: 'unsealing.save.matchingXlsx' },
  csv: { all: 'unsealing.save.all', matching: 'unsealing.save.matching' },
}

const TYPES = Object.keys(BUTTONS) as FileType[]

let savedAs: string | null = null

export function listenToSaving(getState: () => ListState | null): void {
  onLanguage(tellSaved)
  for (const type of TYPES) {
    byId(BUTTONS[type].all).addEventListener('click', () => {
      const state = getState()
      if (!state) return
      const none = { words: '', country: '', language: '', display: '' }
      void save(state.select({ ...state.wanted, ...none }), `signers-${state.list.petition}`, type)
    })
    byId(BUTTONS[type].matching).addEventListener('click', () => {
      const state = getState()
      if (!state) return
      const signers = state.matching.filter((entry) => !isProblem(entry)) as Signer[]
      void save(signers, `signers-${state.list.petition}-selection`, type)
    })
  }
}

/** @param matching how many signers the search and the filters leave; null when they leave all */
export function writeSaving({ all, matching }: { all: number; matching: number | null }): void {
  byId('saving').hidden = all === 0
  byId('saving-matching').hidden = !matching
  for (const type of TYPES) {
    byId(BUTTONS[type].all).textContent = t(TEXTS[type].all, { count: all })
    byId(BUTTONS[type].matching).textContent = matching
      ? t(TEXTS[type].matching, { count: matching })
      : ''
  }
}

export function forgetSaved(): void {
  making = null
  savedAs = null
  tellSaved()
  releaseFile()
}

/** What is being made; the list may be closed, or another file asked for, before it is ready. */
let making: symbol | null = null

async function save(signers: readonly Signer[], stem: string, type: FileType): Promise<void> {
  forgetSaved()
  const own = Symbol()
  making = own
  const file = await writeFile(signers, type)
  if (making !== own) return
  const name = `${stem}.${type}`
  saveFile(file, name)
  savedAs = name
  tellSaved()
}

function tellSaved(): void {
  tell(byId('saved'), savedAs && t('unsealing.save.saved', { name: savedAs }))
}
