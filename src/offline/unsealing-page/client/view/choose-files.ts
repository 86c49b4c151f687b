import { AGE_START } from '../../../../sealing/age/open-sealed.ts'
import type { Page } from '../page.ts'
import { isLocked, type Key, type KeyFault, readIdentity } from '../read-identity.ts'
import { onLanguage, t } from '../strings.ts'
import { byId, tell } from './elements.ts'

/** An identity file is a few lines. */
const LARGEST_KEY_BYTES = 64 * 1024

export interface Chosen {
  file: File
  identities: string[]
  locked: { sealed: Uint8Array; passphrase: string } | null
}

export type ChoiceFault =
  | { at: 'export'; fault: 'missing' | 'format' | 'damaged' | 'unreadable' }
  | { at: 'identity' | 'paste'; fault: KeyFault | 'missing' | 'unreadable' }
  | { at: 'passphrase'; fault: 'missing' | 'wrong' }

const FIELDS = ['export', 'identity', 'passphrase', 'paste'] as const

const input = (id: (typeof FIELDS)[number]) => byId<HTMLInputElement>(id)

/** @param onChosen called when both the file and a key are there */
export function listenToChoice(page: Page, onChosen: (chosen: Chosen) => void): void {
  onLanguage(() => write(page))
  input('export').addEventListener('change', () => {
    takeExport(page, input('export').files?.[0] ?? null)
  })
  input('identity').addEventListener('change', () => {
    void takeIdentity(page, input('identity').files?.[0] ?? null)
  })
  byId('choose').addEventListener('submit', (event) => {
    event.preventDefault()
    const chosen = readChoice(page)
    if (chosen) onChosen(chosen)
  })
}

/** Takes a dropped file as what its content says it is. */
async function takeDropped(page: Page, file: File): Promise<void> {
  const start = await file
    .slice(0, LARGEST_KEY_BYTES)
    .text()
    .catch(() => '')
  page.held.stranger = null
  if (start.trimStart().startsWith('{') || isList(start)) takeExport(page, file)
  else if (/AGE-|age-encryption\.org|BEGIN AGE/i.test(start)) await takeIdentity(page, file)
  else page.held.stranger = file.name
  write(page)
}

/** Sealed to keys; an identity file may be sealed, too, but to a passphrase. */
const isList = (start: string) => start.startsWith(AGE_START) && !isLocked(start)

/** Writes its fault beside each field, and focuses the first of them. */
export function showChoiceFaults(page: Page, found: ChoiceFault[]): void {
  page.held.faults = found
  write(page)
  const first = FIELDS.find((field) => found.some(({ at }) => at === field))
  if (first) input(first).focus()
}

/** Forgets the files, the key and the passphrase. */
export function forgetChoice(page: Page): void {
  Object.assign(page.held, { exportFile: null, identityFile: null, stranger: null, faults: [] })
  for (const field of FIELDS) input(field).value = ''
  write(page)
}

function takeExport(page: Page, file: File | null): void {
  const { held } = page
  held.exportFile = file
  held.faults = held.faults.filter(({ at }) => at !== 'export')
  write(page)
}

async function takeIdentity(page: Page, file: File | null): Promise<void> {
  const { held } = page
  held.faults = held.faults.filter(({ at }) => at === 'export')
  held.identityFile = file && { name: file.name, key: await readKeyFile(file) }
  write(page)
}

async function readKeyFile(file: File): Promise<Key | 'unreadable'> {
  if (file.size > LARGEST_KEY_BYTES) return { kind: 'fault', fault: 'none' }
  try {
    return readIdentity(new Uint8Array(await file.arrayBuffer()))
  } catch {
    return 'unreadable'
  }
}

function readChoice(page: Page): Chosen | null {
  const { exportFile, identityFile } = page.held
  const found: ChoiceFault[] = []
  const identities: string[] = []
  let locked: Chosen['locked'] = null
  if (!exportFile) found.push({ at: 'export', fault: 'missing' })

  const pasted = input('paste').value.trim()
  const fromFile = identityFile?.key
  if (!fromFile && !pasted) found.push({ at: 'identity', fault: 'missing' })
  if (fromFile === 'unreadable') found.push({ at: 'identity', fault: 'unreadable' })
  else if (fromFile?.kind === 'fault') found.push({ at: 'identity', fault: fromFile.fault })
  else if (fromFile?.kind === 'identities') identities.push(...fromFile.identities)
  else if (fromFile) {
    const passphrase = input('passphrase').value
    if (!passphrase) found.push({ at: 'passphrase', fault: 'missing' })
    locked = { sealed: fromFile.sealed, passphrase }
  }
  if (pasted) {
    const key = readIdentity(new TextEncoder().encode(pasted))
    if (key.kind === 'identities') identities.push(...key.identities)
    else found.push({ at: 'paste', fault: key.kind === 'fault' ? key.fault : 'none' })
  }
  showChoiceFaults(page, found)
  return exportFile && found.length === 0 ? { file: exportFile, identities, locked } : null
}

function write({ held }: Page): void {
  const { exportFile, identityFile, faults, stranger } = held
  byId('export-chosen').textContent = exportFile?.name ?? ''
  byId('identity-chosen').textContent = identityFile?.name ?? ''
  const key = identityFile?.key
  byId('passphrase-field').hidden = key === 'unreadable' || key?.kind !== 'locked'
  for (const field of FIELDS) {
    const fault = faults.find(({ at }) => at === field)
    tell(byId(`${field}-error`), fault ? faultText(fault) : null)
    input(field)
      .closest('.field')!
      .classList.toggle('wrong', fault !== undefined)
    input(field).setAttribute('aria-invalid', String(fault !== undefined))
  }
  tell(byId('drop-error'), stranger && t('unsealing.choose.stranger', { name: stranger }))
}

function faultText({ at, fault }: ChoiceFault): string {
  if (fault === 'unreadable') return t('unsealing.unreadable')
  if (at === 'export') return t(`unsealing.exportFault.${fault}`)
  return at === 'passphrase'
    ? t(`unsealing.passphraseFault.${fault}`)
    : t(`unsealing.keyFault.${fault}`)
}

/** Anywhere on the page: beside a target the browser would leave the page and show the file instead. */
export function takeDroppedFiles(page: Page): void {
  const root = document.documentElement
  addEventListener('dragover', (event) => {
    event.preventDefault()
    root.classList.toggle('dropping', isChoosing())
  })
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) root.classList.remove('dropping')
  })
  addEventListener('drop', async (event) => {
    event.preventDefault()
    root.classList.remove('dropping')
    if (!isChoosing()) return
    for (const file of event.dataTransfer?.files ?? []) await takeDropped(page, file)
  })
}

const isChoosing = () => byId('choose').offsetParent !== null
