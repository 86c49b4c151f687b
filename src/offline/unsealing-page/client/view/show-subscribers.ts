import { onLanguage, t } from '../strings.ts'
import { byId } from './elements.ts'
import { saveFile } from './save-file.ts'

/** A list that was sealed whole, opened. */
export interface SubscriberList {
  /** Of the file to save. */
  name: string
  content: Blob
}

let shown: SubscriberList | null = null

/** @param onClose called when the reader is done */
export function listenToSubscribers(onClose: () => void): void {
  onLanguage(write)
  byId('subscribers-save').addEventListener('click', () => {
    if (shown) saveFile(shown.content, shown.name)
  })
  byId('subscribers-close').addEventListener('click', onClose)
}

export function openSubscribers(list: SubscriberList): void {
  shown = list
  write()
}

export function forgetSubscribers(): void {
  shown = null
  byId('subscribers-save').replaceChildren()
}

function write(): void {
  if (!shown) return
  byId('subscribers-save').textContent = t('unsealing.subscribers.save', { name: shown.name })
}
