/**
 * What WordPress makes of an address that stands alone in a line of a post, for a site that isn't on its own list:
 * WP_oEmbed::discover and ::fetch (wp-includes/class-wp-oembed.php), wp_filter_oembed_result (wp-includes/embed.php)
 * and wp-includes/js/wp-embed.js, as of 6.8. It is told here in our own words.
 */

const SECRET = 'a1B2c3D4e5'
/** The nonce of the test's newspaper. */
const NONCE = 'r4nd0m'

/** What wp_kses leaves. */
const ALLOWED: ReadonlyMap<string, string[]> = new Map([
  ['a', ['href']],
  ['blockquote', ['data-secret']],
  [
    'iframe',
    ['src', 'width', 'height', 'frameborder', 'marginwidth', 'marginheight', 'scrolling'].concat([
      'title',
      'data-secret',
    ]),
  ],
])

/** Its theme's room for what is embedded, in pixels. */
interface Room {
  width: number
  height: number
}

/** @returns null where it leaves the address as it is */
export async function embedInWordpress(address: string, room: Room): Promise<string | null> {
  const page = await (await fetch(address)).text()
  const [head] = page.split('</head>')
  const link = [...head!.matchAll(/<link([^<>]+)\/?>/gi)]
    .map(([, attributes]) => attributes!)
    .find((attributes) => attributes.includes('type="application/json+oembed"'))
  const href = /href="([^"]+)"/.exec(link ?? '')?.[1]
  if (!href) return null
  const provider = new URL(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
  const { width, height } = room
  // The address as the editor pasted it takes the place of the one that the page named.
  for (const [name, value] of Object.entries({
    maxwidth: String(width),
    maxheight: String(height),
    url: address,
    dnt: '1',
    format: 'json',
  })) {
    provider.searchParams.set(name, value)
  }
  const answer = await fetch(provider)
  if (!answer.ok) return null
  const { html } = (await answer.json()) as { html: string }
  return filterResult(html)
}

function filterResult(result: string): string | null {
  const found = /(<blockquote>.*?<\/blockquote>)?.*(<iframe.*?><\/iframe>)/s.exec(
    keepAllowed(result),
  )
  if (!found) return null
  const [, quotation = '', frame] = found
  const secret = ` data-secret="${SECRET}"`
  const html = keepAllowed(
    `${quotation}${frame}`
      .replace(/ src="(.*?)"/, ` src="$1#?secret=${SECRET}"${secret}`)
      .replace('<blockquote', `<blockquote${secret}`),
  )
  const hidden = quotation ? ' style="position: absolute; visibility: hidden;"' : ''
  return html
    .replace('<blockquote', '<blockquote class="wp-embedded-content"')
    .replace(
      '<iframe',
      `<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"${hidden}`,
    )
}

const keepAllowed = (html: string) =>
  html.replace(/<(\/?)([a-z]+)([^>]*)>/g, (_tag, slash: string, name: string, rest: string) => {
    const allowed = ALLOWED.get(name)
    if (!allowed) return ''
    const kept = [...rest.matchAll(/ ([a-z-]+)="[^"]*"/g)].filter(([, each]) =>
      allowed.includes(each!),
    )
    return `<${slash}${name}${kept.map(([attribute]) => attribute).join('')}>`
  })

/** Its script, which it adds to a post that has such a quotation. */
export const WORDPRESS_SCRIPT = `<script nonce="${NONCE}">
addEventListener('message', ({ source, data }) => {
  if (!data || !(data.secret || data.message || data.value) || /[^a-zA-Z0-9]/.test(data.secret)) return
  const mine = '[data-secret="' + data.secret + '"]'
  for (const quotation of document.querySelectorAll('blockquote' + mine)) quotation.style.display = 'none'
  for (const frame of document.querySelectorAll('iframe' + mine)) {
    if (source !== frame.contentWindow) continue
    frame.removeAttribute('style')
    if (data.message === 'height') frame.height = Math.min(Math.max(parseInt(data.value, 10) || 0, 200), 1000)
    if (data.message !== 'link') continue
    const target = new URL(data.value)
    const ours = target.host === new URL(frame.getAttribute('src')).host
    if (/^https?:$/.test(target.protocol) && ours && document.activeElement === frame) top.location.href = data.value
  }
})
document.addEventListener('DOMContentLoaded', () => {
  for (const frame of document.querySelectorAll('iframe.wp-embedded-content')) {
    frame.contentWindow.postMessage({ message: 'ready', secret: frame.getAttribute('data-secret') }, '*')
  }
})
</script>`
