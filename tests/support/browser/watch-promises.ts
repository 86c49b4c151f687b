import assert from 'node:assert/strict'
import type { BrowserContext, ConsoleMessage, Request } from 'playwright-core'
import { HERALD, ONION } from './launch-chromium.ts'

/** Says so in the console, which the watch reads, when a script stores anything, if only for a moment. */
const TELL_OF_STORAGE = `
  const tell = (what) => console.error('stored something: ' + what)
  Storage.prototype.setItem = () => tell('Storage.setItem')
  indexedDB.open = () => tell('indexedDB.open')
  Object.defineProperty(document, 'cookie', { get: () => '', set: () => tell('document.cookie') })
`

const OURS = new Set(['127.0.0.1', ONION])

/** By the page's own policy: it was never sent, and the console tells of it. */
const REFUSED = 'csp'

/**
 * Watches a visit for what the site promises in its footer, and for faults: nothing is asked of
 * another origin, no cookie is set and nothing stored, no script fails, nothing breaks the content
 * security policy.
 *
 * @param provoked errors in the console that are no fault
 * @param goesTo where the reader goes on another site, by their own will
 * @returns a check for the end of the visit
 */
export async function watchPromises(
  context: BrowserContext,
  provoked?: RegExp,
  goesTo?: RegExp,
): Promise<() => Promise<void>> {
  const requests: Request[] = []
  const leaving: Request[] = []
  const faults: string[] = []
  const errors: ConsoleMessage[] = []
  await context.addInitScript({ content: TELL_OF_STORAGE })
  context.on('request', (request) => {
    requests.push(request)
    const isWanted = request.isNavigationRequest() && goesTo?.test(request.url())
    if (!isWanted && leavesTheSite(request)) leaving.push(request)
  })
  context.on('response', (response) => {
    if (response.headers()['set-cookie']) faults.push(`${response.url()} sets a cookie`)
  })
  context.on('weberror', (error) => faults.push(`script failed: ${error.error().stack}`))
  context.on('console', (message) => {
    if (provoked?.test(message.text())) return
    if (message.type() === 'error') errors.push(message)
  })

  return async () => {
    for (const request of leaving) {
      const refused = request.failure()?.errorText === REFUSED
      if (!refused) faults.push(`asked another site: ${request.url()}`)
    }
    // Only now: a message may come before the request that it is about.
    for (const message of errors) {
      if (!isStatusOfPage(message, requests))
        faults.push(`console: ${message.text()} ${message.location().url}`)
    }
    assert.deepEqual(faults, [])
    const stored = await context.storageState({ indexedDB: true })
    assert.deepEqual(stored, { cookies: [], origins: [] })
  }
}

/** A test may open a page anywhere on this machine; the page then asks only where it came from. */
function leavesTheSite(request: Request): boolean {
  const { protocol, hostname, origin } = new URL(request.url())
  // The unsealing page, which is opened as a file.
  if (protocol === 'file:') return !request.isNavigationRequest()
  if (request.isNavigationRequest()) return !OURS.has(hostname) && hostname !== HERALD
  // Its page asks for our script.
  if (new URL(request.frame().url()).hostname === HERALD) return !OURS.has(hostname)
  return origin !== new URL(request.frame().url()).origin
}

/** Chromium also reports a page that is meant to come with a status of 404, 410, 422 or 503. */
function isStatusOfPage(message: ConsoleMessage, requests: Request[]): boolean {
  const { url } = message.location()
  return (
    message.text().startsWith('Failed to load resource: the server responded with a status of') &&
    requests.some((request) => request.isNavigationRequest() && request.url() === url)
  )
}
