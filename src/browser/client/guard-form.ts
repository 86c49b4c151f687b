/** A slow network must not lock the form for good; the server takes a repeated signature calmly. */
const RELEASE_MS = 10_000

/** Swallows a second press while the first is under way. No button is disabled: it keeps focus. */
export function guardForm(form: HTMLElement): void {
  let sending: HTMLElement | null = null
  let label = ''

  form.addEventListener('submit', (event) => {
    if (sending) return event.preventDefault()
    const { submitter } = event as SubmitEvent
    // Enter in a field presses a hidden button: the visible one has to show it.
    sending = submitter?.matches('[data-default-press]')
      ? form.querySelector<HTMLElement>('[data-busy]')!
      : (submitter ?? form)
    sending.setAttribute('aria-disabled', 'true')
    if (sending.dataset.busy) {
      label = sending.textContent ?? ''
      sending.textContent = sending.dataset.busy
    }
    setTimeout(release, RELEASE_MS)
  })
  // A page that comes back from the back-forward cache comes back as it was left: pressed.
  addEventListener('pageshow', release)

  function release(): void {
    if (!sending) return
    sending.removeAttribute('aria-disabled')
    if (sending.dataset.busy) sending.textContent = label
    sending = null
  }
}
