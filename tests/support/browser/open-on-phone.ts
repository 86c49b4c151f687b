import type { Browser } from 'playwright-core'
import { OBSERVE_PAINT, seenOn } from './observe-paint.ts'

/** Slow 4G as Lighthouse has it. */
const NETWORK = { latency: 150, downloadThroughput: 1_638_400 / 8, uploadThroughput: 768_000 / 8 }
const SCREEN = { width: 390, height: 844 }
/** Of a usual phone. */
const DENSITY = 2.75

/** Long enough for fonts to be swapped in. */
const SETTLED_MS = 500

interface Opened {
  /** Milliseconds to the largest contentful paint. */
  lcp: number
  /** All layout shifts, added up. */
  shift: number
  /** Of all answers, compressed, with their headers. */
  bytes: number
  /** Of the files of the fonts alone, without headers. */
  fontBytes: number
}

/**
 * Opens a page for the first time on a phone with slow 4G.
 *
 * @param onlyHtml without all that it would load: the least that a page of this text can take there
 */
export async function openOnPhone(
  browser: Browser,
  url: string,
  { locale, onlyHtml = false }: { locale: string; onlyHtml?: boolean },
): Promise<Opened> {
  const options = { viewport: SCREEN, deviceScaleFactor: DENSITY, isMobile: true, hasTouch: true }
  const context = await browser.newContext({ ...options, locale })
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', { offline: false, ...NETWORK })
    if (onlyHtml) {
      const urls = ['*/assets/*', '*/pictures/*', '*/api/*', '*/icon.svg']
      await session.send('Network.setBlockedURLs', { urls })
    }
    const sizes = new Map<string, number>()
    const fonts = new Map<string, number>()
    session.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type === 'Font') fonts.set(requestId, Number(response.headers['content-length']))
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      sizes.set(requestId, encodedDataLength)
    })
    await page.addInitScript(OBSERVE_PAINT)
    await page.goto(url, { waitUntil: 'load' })
    await page.evaluate('document.fonts.ready')
    await page.waitForTimeout(SETTLED_MS)
    const sum = (of: Map<string, number>) => [...of.values()].reduce((all, size) => all + size, 0)
    return { ...(await seenOn(page)), bytes: sum(sizes), fontBytes: sum(fonts) }
  } finally {
    await context.close()
  }
}
