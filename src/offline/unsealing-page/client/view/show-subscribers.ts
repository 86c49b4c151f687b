import type { Page } from '../page.ts'
import { onLanguage, t } from '../strings.ts'
import { byId } from './elements.ts'
import { saveFile } from './save-list.ts'

/** A list that was sealed whole, opened. */
export interface SubscriberList {
  /** Of the file to save. */
  name: string
  content: Blob
}

/** @param onClose called when the reader is done */
export function listenToSubscribers(page: Page, onClose: () => void): void {
  onLanguage(() => write(page))
  byId('subscribers-save').addEventListener('click', () => {
    const { subscribers } = page.held
    if (subscribers) saveFile(page, subscribers.content, subscribers.name)
  })
  byId('subscribers-close').addEventListener('click', onClose)
}

export function openSubscribers(page: Page, list: SubscriberList): void {
  page.held.subscribers = list
  write(page)
}

export function forgetSubscribers(page: Page): void {
  page.held.subscribers = null
  byId('subscribers-save').replaceChildren()
}

function write({ held: { subscribers } }: Page): void {
  if (!subscribers) return
  byId('subscribers-save').textContent = t('unsealing.subscribers.save', { name: subscribers.name })
}
