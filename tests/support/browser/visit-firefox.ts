import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { createReader, type Reader } from './firefox-reader.ts'
import { type FirefoxOptions, launchFirefox, openWindow } from './launch-firefox.ts'

/**
 * One person's visit with Firefox, which must keep what the site promises: nothing is asked of another origin, no
 * cookie set, no script fails. A failure names a screenshot. Each has a browser of its own: a window loses its keys while
 * another of the same browser comes to the front.
 */
export async function visitWithFirefox(
  { width, ...options }: FirefoxOptions & { width: number },
  work: (reader: Reader) => Promise<void>,
): Promise<void> {
  const browser = await launchFirefox(options)
  const page = await openWindow(browser, width)
  const faults = watch(page)
  try {
    await work(createReader(page))
    assert.deepEqual(faults, [])
    assert.deepEqual(await browser.cookies(), [])
  } catch (error) {
    throw await withScreenshot(page, error)
  } finally {
    await browser.close()
  }
}

function watch(page: Page): string[] {
  const faults: string[] = []
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') {
      faults.push(`asked another site: ${request.url()}`)
    }
  })
  page.on('pageerror', (error) => faults.push(`script failed: ${error}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  return faults
}

async function withScreenshot(page: Page, error: unknown): Promise<Error> {
  const path = join(
    await mkdtemp(join(tmpdir(), 'undersigned-failure-')),
    'page.png',
  ) as `${string}.png`
  const seen = await page.screenshot({ path, fullPage: true }).then(
    () => `screenshot: ${path}`,
    (fault: Error) => `no screenshot: ${fault.message}`,
  )
  return new Error(`${(error as Error).message}\n  at ${page.url()}\n  ${seen}`, { cause: error })
}
