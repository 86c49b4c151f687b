interface Look {
  theme?: unknown
  accent?: unknown
  paper?: unknown
  ink?: unknown
}

const MEDIA: ReadonlyMap<unknown, string> = new Map([
  ['auto', '(prefers-color-scheme: dark)'],
  ['light', 'not all'],
  ['dark', 'all'],
])
const NO_COLOURS = 'x-x-x'

/**
 * Tells the page around this frame how high it is, and that a form was sent: nothing of who sent it. Only a window
 * that `frame-ancestors` let hold us can be our parent, and only the origin that it writes from hears us.
 */
export function talkToHost(): void {
  const { body } = document
  let host = ''
  const tell = (undersigned: string, more: object = {}) => {
    if (host) parent.postMessage({ undersigned, ...more }, host)
  }
  const tellHeight = () =>
    tell('resized', { height: Math.ceil(body.getBoundingClientRect().height) })

  addEventListener('message', ({ source, origin, data }) => {
    if (source !== parent || source === window || data?.undersigned !== 'host') return
    const isFirst = host === ''
    host = origin
    wear(data as Look)
    if (!isFirst) return
    tell('ready', {
      title: document.title,
      continued: 'continued' in body.dataset,
      unknown: 'unknown' in body.dataset,
    })
    if ('signed' in body.dataset) tell('signed')
    tellHeight()
  })
  new ResizeObserver(tellHeight).observe(body)

  // Never on the first page: the reader may be anywhere on the host's.
  if (!('continued' in body.dataset)) return
  const first = document.querySelector<HTMLElement>('[data-error-summary]')
  const target = first ?? document.querySelector<HTMLElement>('[data-heading]')
  target?.focus()
}

/** The host's colours and theme, which may have changed since the page was asked for. */
function wear(look: Look): void {
  const media = MEDIA.get(look.theme)
  if (!media) return
  document.documentElement.classList.toggle('clear', look.paper === 'clear')
  const hex = (value: unknown) => /^[0-9a-f]{6}$/.exec(String(value))?.[0] ?? 'x'
  const colours = [look.accent, look.paper, look.ink].map(hex).join('-')
  for (const theme of ['light', 'dark']) {
    const known = document.querySelector<HTMLLinkElement>(`[data-colours="${theme}"]`)
    if (colours === NO_COLOURS) known?.remove()
    else
      setSheet(
        known ?? addSheet(theme),
        `/embed-colours/${document.body.dataset.accent}-${theme}-${colours}.css`,
      )
  }
  for (const link of document.querySelectorAll<HTMLLinkElement>('[data-dark]')) link.media = media
}

function setSheet(link: HTMLLinkElement, path: string): void {
  if (link.getAttribute('href') !== path) link.setAttribute('href', path)
}

function addSheet(theme: string): HTMLLinkElement {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.dataset.colours = theme
  if (theme === 'dark') link.dataset.dark = ''
  document.head.append(link)
  return link
}
