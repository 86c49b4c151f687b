/**
 * /embed.js, for pages of other sites: puts a petition's frame beside its own element, as high as its page, in the
 * host's colours, and tells the host in events. Nothing is stored, nothing of the host is read but what its author
 * wrote for this, the element's data and three CSS variables, and the ground that the frame stands on.
 */

/** A frame that says nothing by then is slow, or away: the link before the script shows again. */
const PATIENCE_MS = 5_000
/** What has loaded and still says nothing is none of our pages, or one that may not stand here. */
const ANSWER_MS = 1_500
const LEAST_PX = 40
const MOST_PX = 20_000
/** Before the frame says how high it is. */
const FORM_PX = 900
const FIRST_PX: ReadonlyMap<string, number> = new Map([
  ['counter', 260],
  ['button', 64],
])
const SANDBOX =
  'allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox'
const DARK = '(prefers-color-scheme: dark)'
/** In the place of a paper's colour. */
const CLEAR = 'clear'
const WHITE = 'ffffff'
const VARIABLES = ['accent', 'paper', 'ink']

const { currentScript } = document
// Of a script that is a module, the browser doesn't say which element it is.
const scripts = currentScript
  ? [currentScript]
  : document.querySelectorAll('script[data-petition][src$="/embed.js"]')
for (const script of scripts) place(script as HTMLScriptElement)

function place(script: HTMLScriptElement): void {
  const { petition, kind = 'form', lang, ref, source, title } = script.dataset
  if (!petition || script.dataset.placed) return
  script.dataset.placed = ''
  const { origin } = new URL(script.src)
  const query = new URLSearchParams({ kind })
  for (const [name, value] of Object.entries({ lang, ref, source, ...readLook(script) })) {
    if (value) query.set(name, value)
  }
  const frame = document.createElement('iframe')
  frame.src = `${origin}/embed/${encodeURIComponent(petition)}?${query}`
  frame.title = title ?? 'Petition'
  frame.referrerPolicy = 'no-referrer'
  frame.setAttribute('sandbox', SANDBOX)
  const { style } = frame
  style.cssText = `display:block;width:100%;border:0;height:${FIRST_PX.get(kind) ?? FORM_PX}px`

  const link = findLink(script, `/p/${petition}`, `${origin}/s/${ref ?? ''}`)
  // The host's own styles may be stronger than `hidden`.
  const showLink = (display = '') => {
    if (link) link.style.display = display
  }
  showLink('none')
  const giveUp = (why: string) => {
    showLink()
    console.error(`Undersigned: ${origin} ${why}`)
  }
  let isHeard = false
  let waiting = setTimeout(showLink, PATIENCE_MS)

  const tell = (name: string, detail?: object) =>
    frame.dispatchEvent(
      new CustomEvent(`undersigned:${name}`, { bubbles: true, detail: { petition, ...detail } }),
    )
  const sendLook = () => {
    frame.contentWindow?.postMessage({ undersigned: 'host', ...readLook(script) }, origin)
  }

  addEventListener('message', ({ origin: from, source: sender, data }) => {
    if (from !== origin || !sender || sender !== frame.contentWindow) return
    switch (data?.undersigned) {
      case 'ready':
        isHeard = true
        clearTimeout(waiting)
        if (data.unknown) {
          if (link) style.display = 'none'
          giveUp(`shows no petition "${petition}"`)
          break
        }
        style.display = 'block'
        showLink('none')
        if (!title) frame.title = String(data.title).slice(0, 200)
        // Another page of the frame, which may begin above what is in view.
        if (data.continued && frame.getBoundingClientRect().top < 0) frame.scrollIntoView()
        tell('ready')
        break
      case 'resized': {
        const height = Math.min(Math.max(Number(data.height) || 0, LEAST_PX), MOST_PX)
        style.height = `${height}px`
        tell('resized', { height })
        break
      }
      case 'signed':
        tell('signed')
    }
  })
  frame.addEventListener('load', () => {
    sendLook()
    if (isHeard) return
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      style.display = 'none'
      giveUp(`gave no frame to ${location.origin}: see "embed" in petition.yaml`)
    }, ANSWER_MS)
  })
  // A switch to the dark, by the system or by the host's own button.
  const watch = new MutationObserver(sendLook)
  watch.observe(document.documentElement, { attributes: true })
  watch.observe(document.body, { attributes: true })
  // A ground that changes slowly is read again at its end.
  addEventListener('transitionend', sendLook)
  matchMedia(DARK).addEventListener('change', sendLook)
  script.after(frame)
}

/**
 * What the frame takes the place of: the link before the script, with no more than line breaks and ends of paragraphs
 * between them, if it leads to the petition and nothing is written beside it.
 *
 * @param short how short links to it begin
 */
function findLink(script: Element, path: string, short: string): HTMLAnchorElement | null {
  for (let at: Element | null = script; at; at = at.previousElementSibling ?? at.parentElement) {
    const link = at.closest('a') ?? at.querySelector('a')
    const words = at.textContent!.trim()
    if (link && words === link.textContent!.trim()) {
      return link.href.startsWith(short) || link.pathname.endsWith(path) ? link : null
    }
    if (words) break
  }
  return null
}

/** Theme and colours as they are now where the script stands. */
function readLook(script: HTMLScriptElement): Record<string, string> {
  const style = getComputedStyle(script)
  const schemes = style.colorScheme ?? ''
  const inherited = !/dark/.test(schemes) ? 'light' : /light/.test(schemes) ? 'auto' : 'dark'
  const theme = script.dataset.theme ?? inherited
  const look = new Map([['theme', theme]])
  const ground = theme === inherited && readGround(script, theme)
  if (ground) look.set('paper', ground)
  for (const name of VARIABLES) {
    const colour = readColour(style.getPropertyValue(`--undersigned-${name}`).trim())
    if (colour) look.set(name, colour)
  }
  return Object.fromEntries(look)
}

/**
 * The one colour behind an element, as readColour has it, which the text is then chosen for; CLEAR where the frame's
 * own colours can be read on what is there; null for pictures, and for what shows through.
 */
function readGround(element: Element, theme: string): string | null {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at)
    if (backgroundImage !== 'none') return null
    if (/^rgba\(.*, 0\)$/.test(backgroundColor)) continue
    const colour = readColour(backgroundColor)
    return colour === WHITE && theme === 'light' ? CLEAR : colour
  }
  return CLEAR
}

/** Six hexadecimal digits, of a colour as CSS writes it; null for one that sRGB doesn't have. */
function readColour(value: string): string | null {
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen || !CSS.supports('color', value)) return null
  pen.fillStyle = value
  return /^#([0-9a-f]{6})$/.exec(pen.fillStyle)?.[1] ?? null
}
