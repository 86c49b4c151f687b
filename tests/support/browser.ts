import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './browser/launch-chromium.ts'
import { watchPromises } from './browser/watch-promises.ts'

export const PHONE = 390
export const DESK = 1280

const HEIGHT = 844
/** Long, for machines that do much else. */
const TIMEOUT_MS = 120_000
const SCREENSHOT_TIMEOUT_MS = 3_000

export interface PageOptions {
  /** True unless said otherwise. */
  javaScript?: boolean
  /** Of the window, in CSS pixels. */
  width?: number
  colorScheme?: 'light' | 'dark'
  /** What the browser asks for in Accept-Language. */
  locale?: string
  /** An error in the console that the visit is there to bring about. */
  provokes?: RegExp
  /** Where the reader goes on another site, by their own will. */
  goesTo?: RegExp
}

/** One browser for all tests of a file. */
let browser: Promise<Browser> | undefined

after(async () => (await browser)?.close())

/**
 * One person's visit: a window that shares nothing with any other. When the work is done, the visit
 * must have kept what the site promises (see watchPromises). A failure names a screenshot.
 */
export async function withPage<Result>(
  {
    javaScript = true,
    width = DESK,
    colorScheme = 'light',
    locale = 'en',
    provokes,
    goesTo,
  }: PageOptions,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  browser ??= launchChromium()
  const context = await (await browser).newContext({
    javaScriptEnabled: javaScript,
    viewport: { width, height: HEIGHT },
    colorScheme,
    locale,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(TIMEOUT_MS)
  const checkPromises = await watchPromises(context, provokes, goesTo)
  const page = await context.newPage()
  try {
    const result = await work(page)
    await checkPromises()
    return result
  } catch (error) {
    throw await withScreenshot(page, error)
  } finally {
    await context.close()
  }
}

async function withScreenshot(page: Page, error: unknown): Promise<Error> {
  const path = join(await mkdtemp(join(tmpdir(), 'undersigned-failure-')), 'page.png')
  const options = { path, fullPage: true, timeout: SCREENSHOT_TIMEOUT_MS }
  const seen = await page.screenshot(options).then(
    () => `screenshot: ${path}`,
    (fault: Error) => `no screenshot: ${fault.message}`,
  )
  return new Error(`${(error as Error).message}\n  at ${page.url()}\n  ${seen}`, { cause: error })
}
