import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Locator, Page, Request } from 'playwright-core'
import { translator } from '../../../src/platform/i18n/translate.ts'
import { type PageOptions, withPage } from '../browser.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PAGE = pathToFileURL(fileURLToPath(new URL('../../../public/unseal.html', import.meta.url)))

/** By the page's own policy: it was never sent. */
const REFUSED = 'csp'

/** An organiser at the unsealing page: opened as a file, on a computer without a network. */
export interface UnsealingVisit {
  page: Page
  t: (key: string, values?: Record<string, string | number>) => string
  /** Chooses files with these contents; a null is left as it is. */
  choose(
    exported: string | Uint8Array | null,
    identity: string | Uint8Array | null,
    name?: string,
  ): Promise<void>
  press(key: string, values?: Record<string, string | number>): Promise<void>
  /** Waits for the heading of a screen. */
  see(heading: string): Promise<void>
  /** What stands in a column of the rows that are shown. */
  column(name: string): Promise<string[]>
  rows: Locator
  /** Does what saves a file, and reads it. */
  saved(act: () => Promise<void>): Promise<{ name: string; content: string; bytes: Buffer }>
}

/** @throws when the page asked for anything but itself */
export async function visitUnsealingPage(
  work: (visit: UnsealingVisit) => Promise<void>,
  { prepare, ...options }: PageOptions & { prepare?: (page: Page) => Promise<unknown> } = {},
): Promise<void> {
  const t = translator(options.locale ?? 'en')
  await withPage(options, async (page) => {
    const asked: Request[] = []
    page.context().on('request', (request) => asked.push(request))
    await page.context().setOffline(true)
    await prepare?.(page)
    await page.goto(PAGE.href)
    // A file's page has a process of its own, which did not hear of what was said before it began.
    await page.context().setOffline(false)
    await page.context().setOffline(true)
    await work(createVisit(page, t))
    const elsewhere = asked
      .filter((request) => request.failure()?.errorText !== REFUSED)
      .map((request) => request.url())
      .filter((url) => url !== PAGE.href && !/^(blob:|data:)/.test(url))
    assert.deepEqual(elsewhere, [])
  })
}

function createVisit(page: Page, t: UnsealingVisit['t']): UnsealingVisit {
  const rows = page.locator('#rows tr')
  return {
    page,
    t,
    rows,
    async choose(exported, identity, name = 'sealed.jsonl') {
      const folder = temporaryFolder()
      if (exported !== null) {
        await writeFile(join(folder, name), exported)
        await page.locator('#export').setInputFiles(join(folder, name))
        await page.locator('#export-chosen').getByText(name).waitFor()
      }
      if (identity !== null) {
        await writeFile(join(folder, 'key.txt'), identity)
        await page.locator('#identity').setInputFiles(join(folder, 'key.txt'))
        await page.locator('#identity-chosen').getByText('key.txt').waitFor()
      }
    },
    press: (key, values) => page.getByRole('button', { name: t(key, values), exact: true }).click(),
    see: (heading) => page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor(),
    column: (name) => rows.locator(`td.${name}`).allInnerTexts(),
    async saved(act) {
      const downloading = page.waitForEvent('download')
      await act()
      const download = await downloading
      const bytes = await readFile(await download.path())
      return { name: download.suggestedFilename(), content: bytes.toString(), bytes }
    },
  }
}
