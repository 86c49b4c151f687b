/** Given to a frame by WordPress, in its address (wp-includes/embed.php, wp_filter_oembed_result). */
const SECRET = /[#?&]secret=([A-Za-z0-9]{1,40})/

/**
 * In a host's sandbox that lets no form out, pressing Sign does nothing and says nothing: the form gives way to the
 * petition's address. In WordPress's sandbox, which lets windows out neither, its own protocol leads on.
 */
export function leaveSandbox(): void {
  const hasNoOrigin = self.origin === 'null'
  if (!hasNoOrigin && canSendForms()) return
  const told = document.querySelector<HTMLElement>('[data-address]')
  const link = document.querySelector<HTMLAnchorElement>('main a')
  if (!told || !link) return
  const secret = hasNoOrigin && SECRET.exec(location.hash)?.[1]
  const address = document.createElement(secret ? 'a' : 'bdi')
  if ('href' in address) address.href = link.href
  Object.assign(address, { className: 'address', dir: 'ltr', textContent: link.href })
  told.append(address)
  told.hidden = false
  for (const form of document.querySelectorAll('form')) form.remove()
  if (secret) talkToWordpress(secret)
  else removeLinks()
}

/** HTML, "form submission": a sandbox without `allow-forms` ends it before its event. */
function canSendForms(): boolean {
  const form = document.createElement('form')
  const button = document.createElement('button')
  form.hidden = true
  form.append(button)
  let isHeard = false
  form.addEventListener('submit', (event) => {
    isHeard = true
    event.preventDefault()
  })
  document.body.append(form)
  button.click()
  form.remove()
  return isHeard
}

/** Whether a window would open, a script learns from a press alone. */
function removeLinks(): void {
  for (const link of document.querySelectorAll('main a')) (link.closest('.onward') ?? link).remove()
}

/**
 * As wp-includes/js/wp-embed.js has it: the frame is unseen until it has told its height, and a link that is pressed
 * is opened by the page around it. Anyone may hear this: it says what the page itself shows to all.
 */
function talkToWordpress(secret: string): void {
  const { body } = document
  const tell = (message: string, value: unknown) =>
    parent.postMessage({ message, value, secret }, '*')
  const tellHeight = () => tell('height', Math.ceil(body.getBoundingClientRect().height))
  new ResizeObserver(tellHeight).observe(body)
  // Its script may come later than this one.
  addEventListener('message', ({ source, data }) => {
    if (source === parent && data?.message === 'ready') tellHeight()
  })
  addEventListener('click', (event) => {
    const link = event.target instanceof Element && event.target.closest('a')
    if (!link) return
    event.preventDefault()
    tell('link', link.href)
  })
}
