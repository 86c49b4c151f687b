/**
 * Mastodon has as many servers as it has places: the reader names theirs, and goes there straight. The name stays in
 * the field, as long as the page is open; it is neither sent to this site nor stored.
 */
export function askInstance(section: HTMLElement): void {
  const link = section.querySelector<HTMLElement>('[data-mastodon]')
  const form = section.querySelector<HTMLFormElement>('[data-mastodon-form]')
  const field = form?.querySelector('input')
  if (!link || !form || !field) return

  link.addEventListener('click', (event) => {
    // With a key held down it is opened in another tab, as any link.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    form.hidden = false
    field.focus()
  })

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const host = hostOf(field.value)
    if (!host) return field.select()
    location.assign(`https://${host}/share?text=${encodeURIComponent(form.dataset.words ?? '')}`)
  })
}

/** Of `mastodon.social`, `https://mastodon.social/@me` or `@me@mastodon.social`; null for anything else. */
function hostOf(typed: string): string | null {
  const name = typed.trim().replace(/^https?:\/\//i, '')
  const [place = ''] = name.split('/')
  const host = place.slice(place.lastIndexOf('@') + 1)
  return /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d+)?$/u.test(host) ? host : null
}
