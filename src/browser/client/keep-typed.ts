/** Once something is typed, a link to another language does what the form's own button for it does. */
export function keepTyped(form: HTMLFormElement): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a[hreflang]')) {
    const button = form.querySelector<HTMLButtonElement>(
      `button[name="language"][value="${link.hreflang}"]`,
    )
    if (!button) continue
    link.addEventListener('click', (event) => {
      const isForNewTab = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
      if (isForNewTab || !isTouched(form)) return
      event.preventDefault()
      button.click()
    })
  }
}

/** Text that the browser restored on the way back to the page counts, too. */
function isTouched(form: HTMLFormElement): boolean {
  return [...form.elements].some((field) => {
    if (field instanceof HTMLSelectElement) return field.value !== ''
    if (field instanceof HTMLTextAreaElement) return field.value !== ''
    if (!(field instanceof HTMLInputElement) || field.type === 'hidden') return false
    const isBox = field.type === 'checkbox' || field.type === 'radio'
    return isBox ? field.checked !== field.defaultChecked : field.value !== ''
  })
}
