/** A slow network must not lock the form for good; the server takes a repeated signature calmly. */
const RELEASE_MS = 10_000

/**
 * Swallows a second press while the first is under way. No button is disabled: it keeps focus.
 *
 * @param before what has to end before the form is sent; null when nothing has
 */
export function guardForm(
  form: HTMLFormElement,
  before: () => Promise<unknown> | null = () => null,
): void {
  let sending: HTMLElement | null = null
  let isReady = false
  let presses = 0
  let label = ''

  form.addEventListener('submit', (event) => {
    if (isReady) return
    if (sending) return event.preventDefault()
    const submitter = (event as SubmitEvent).submitter as HTMLButtonElement | null
    // Enter in a field presses a hidden button: the visible one has to show it.
    sending = submitter?.matches('[data-default-press]')
      ? form.querySelector<HTMLElement>('[data-busy]')!
      : (submitter ?? form)
    sending.setAttribute('aria-disabled', 'true')
    if (sending.dataset.busy) {
      label = sending.textContent ?? ''
      sending.textContent = sending.dataset.busy
    }
    // A button that leads elsewhere, to another language, signs nothing.
    const waiting = submitter?.hasAttribute('formaction') ? null : before()
    if (!waiting) {
      setTimeout(release, RELEASE_MS)
      return
    }
    event.preventDefault()
    const press = ++presses
    waiting.finally(() => {
      if (press !== presses) return
      setTimeout(release, RELEASE_MS)
      isReady = true
      // Safari has requestSubmit since 16, and says since 15.4 which button was pressed: it may name a target.
      const button = submitter ?? form.querySelector<HTMLElement>('[data-busy]')!
      if ('requestSubmit' in form) form.requestSubmit(submitter)
      else button.click()
      isReady = false
    })
  })
  // A page that comes back from the back-forward cache comes back as it was left: pressed. What had still to be waited
  // for is not sent any more: the person has gone elsewhere meanwhile.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    presses++
    release()
  })

  function release(): void {
    if (!sending) return
    sending.removeAttribute('aria-disabled')
    if (sending.dataset.busy) sending.textContent = label
    sending = null
  }
}
