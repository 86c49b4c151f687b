import { BYTE_ORDER_MARK, formatCsvRow } from '../../../../platform/table/write-table.ts'
import { toXlsx } from '../../../../platform/table/xlsx.ts'
import { COLUMNS, toCells } from '../../../../sealing/record/list-columns.ts'
import { isProblem } from '../list-state.ts'
import type { Signer } from '../open-batch.ts'
import type { Page } from '../page.ts'
import { onLanguage, t } from '../strings.ts'
import { byId, make, tell } from './elements.ts'

const BUTTONS: Readonly<Record<FileType, { all: string; matching: string }>> = {
  xlsx: { all: 'save-all-xlsx', matching: 'save-matching-xlsx' },
  csv: { all: 'save-all', matching: 'save-matching' },
}
const TEXTS: Readonly<typeof BUTTONS> = {
  xlsx: { all: 'unsealing.save.allXlsx', matching: 'unsealing.save.matchingXlsx' },
  csv: { all: 'unsealing.save.all', matching: 'unsealing.save.matching' },
}

const TYPES = Object.keys(BUTTONS) as readonly FileType[]

export function listenToSaving(page: Page): void {
  onLanguage(() => tellSaved(page))
  for (const type of TYPES) {
    byId(BUTTONS[type].all).addEventListener('click', () => {
      const state = page.held.list
      if (!state) return
      const none = { words: '', country: '', language: '', display: '' }
      const signers = state.select({ ...state.wanted, ...none })
      void save(page, signers, { stem: `signers-${state.list.petition}`, type })
    })
    byId(BUTTONS[type].matching).addEventListener('click', () => {
      const state = page.held.list
      if (!state) return
      const signers = state.matching.filter((entry) => !isProblem(entry)) as Signer[]
      void save(page, signers, { stem: `signers-${state.list.petition}-selection`, type })
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

export function forgetSaved(page: Page): void {
  Object.assign(page.held, { making: null, savedAs: null })
  tellSaved(page)
  releaseFile(page)
}

async function save(
  page: Page,
  signers: readonly Signer[],
  { stem, type }: { stem: string; type: FileType },
): Promise<void> {
  forgetSaved(page)
  const own = Symbol()
  page.held.making = own
  const file = await writeFile(signers, type)
  if (page.held.making !== own) return
  const name = `${stem}.${type}`
  saveFile(page, file, name)
  page.held.savedAs = name
  tellSaved(page)
}

function tellSaved({ held: { savedAs } }: Page): void {
  tell(byId('saved'), savedAs && t('unsealing.save.saved', { name: savedAs }))
}

/** Time for the browser to take the file over. */
const KEEP_MS = 60_000

/** Hands a file to the browser, which saves it where it saves downloads. One at a time. */
export function saveFile(page: Page, content: Blob, name: string): void {
  releaseFile(page)
  const mine = URL.createObjectURL(content)
  page.held.address = mine
  make('a', { href: mine, download: name }).click()
  setTimeout(() => mine === page.held.address && releaseFile(page), KEEP_MS)
}

function releaseFile({ held }: Page): void {
  if (held.address) URL.revokeObjectURL(held.address)
  held.address = null
}

/** The formats of a saved list, and their media types. */
const FILE_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv;charset=utf-8',
} as const
type FileType = keyof typeof FILE_TYPES

/** A string of a million rows would be larger than browsers allow; a file made of parts need not be. */
const ROWS_A_PART = 1_000

/** Files saved from a page are opened in a spreadsheet: the CSV begins with a byte order mark. */
async function writeFile(signers: readonly Signer[], type: FileType): Promise<Blob> {
  const parts: BlobPart[] = []
  if (type === 'csv') {
    parts.push(BYTE_ORDER_MARK + formatCsvRow(COLUMNS))
    for await (const rows of inParts(signers)) parts.push(rows.map(formatCsvRow).join(''))
  } else {
    const table = { title: 'Signers', columns: COLUMNS, rows: inParts(signers) }
    for await (const part of toXlsx(table)) parts.push(part as BlobPart)
  }
  return new Blob(parts, { type: FILE_TYPES[type] })
}

/** Between two parts the page can be used: a long list takes some seconds. */
async function* inParts(signers: readonly Signer[]) {
  for (let at = 0; at < signers.length; at += ROWS_A_PART) {
    yield signers.slice(at, at + ROWS_A_PART).map(toCells)
    await new Promise((resolve) => setTimeout(resolve))
  }
}
