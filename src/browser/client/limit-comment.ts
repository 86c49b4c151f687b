import { numbersOf } from '../../platform/i18n/fill-words.ts'

/** Screen readers hear the number only near the limit, and once typing pauses. */
const NEWS_BELOW = 50
const PAUSE_MS = 1_000

/** Counts down under the comment. Nothing is cut off: the signer decides what to shorten. */
export function limitComment(textarea: HTMLTextAreaElement): void {
  const limit = Number(textarea.dataset.limit)
  const text = textarea.parentElement?.querySelector('[data-limit-text]')
  const news = textarea.parentElement?.querySelector('[data-limit-news]')
  if (!text || !news) return
  let pause = 0
  const numbers = numbersOf(document.documentElement.lang)

  textarea.addEventListener('input', () => {
    const left = limit - [...textarea.value].length
    const { left: leftLabel, over: overLabel } = textarea.dataset
    const message = `${left < 0 ? overLabel : leftLabel} ${numbers.format(Math.abs(left))}`
    text.textContent = message
    text.classList.toggle('over', left < 0)
    clearTimeout(pause)
    if (left < NEWS_BELOW) pause = setTimeout(() => (news.textContent = message), PAUSE_MS)
  })
}
