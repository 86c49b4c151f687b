import { askInstance } from './ask-instance.ts'
import { carryLetter } from './carry-letter.ts'
import { shareNatively } from './share-natively.ts'

/** Shows the buttons to copy and to share where the browser supports them, and says whether it worked. */
export function sharePetition(section: HTMLElement): void {
  const link = section.querySelector<HTMLInputElement | HTMLTextAreaElement>('[data-share-link]')
  const copy = section.querySelector<HTMLElement>('[data-copy]')
  const share = section.querySelector<HTMLElement>('[data-share]')
  const news = section.querySelector('[data-share-news]')
  if (!link || !copy || !news) return

  // A text that is to be changed keeps its cursor.
  if (link.readOnly) link.addEventListener('focus', () => link.select())

  // Absent on plain http, so also on some onion addresses: the link can then be copied by hand.
  const canCopy = Boolean(navigator.clipboard)
  copy.hidden = !canCopy
  copy.addEventListener('click', () => put(link.value))
  for (const button of section.querySelectorAll<HTMLElement>('[data-copy-words]')) {
    if (canCopy) button.closest('li')?.removeAttribute('hidden')
    button.addEventListener('click', () => put(button.dataset.copyWords ?? ''))
  }

  if (share) shareNatively(share)
  const mail = section.querySelector<HTMLAnchorElement>('[data-letter-mail]')
  if (mail) carryLetter(mail, link, put)
  askInstance(section)

  async function put(words: string): Promise<void> {
    const { done, failed } = copy!.dataset
    try {
      await navigator.clipboard.writeText(words)
      news!.textContent = done ?? ''
    } catch {
      news!.textContent = failed ?? ''
      link!.focus()
    }
  }
}
