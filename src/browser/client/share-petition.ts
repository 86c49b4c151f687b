/** Shows the Copy and Share buttons where the browser supports them, and says whether it worked. */
export function sharePetition(section: HTMLElement): void {
  const link = section.querySelector<HTMLInputElement>('[data-share-link]')
  const copy = section.querySelector<HTMLElement>('[data-copy]')
  const share = section.querySelector<HTMLElement>('[data-share]')
  const news = section.querySelector('[data-share-news]')
  if (!link || !copy || !share || !news) return

  link.addEventListener('focus', () => link.select())

  // Absent on plain http, so also on some onion addresses: the link can then be copied by hand.
  copy.hidden = !navigator.clipboard
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(link.value)
      tell(copy.dataset.done)
    } catch {
      tell(copy.dataset.failed)
      link.focus()
    }
  })

  const { url, text } = share.dataset
  share.hidden = !navigator.share
  share.addEventListener('click', () => {
    // Rejected when the reader closes the sheet again, which needs no word.
    navigator.share({ url, text }).catch(() => {})
  })

  function tell(message = ''): void {
    if (news) news.textContent = message
  }
}
