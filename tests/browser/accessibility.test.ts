import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import axe, { type AxeResults, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { languages } from '../../src/platform/i18n/translate.ts'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'

/** WCAG 2.2, levels A and AA, as far as a program can tell. */
const WCAG: RunOptions = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }
const COLOURS: RunOptions = { runOnly: ['color-contrast', 'link-in-text-block'] }
const LAYOUT_OF_ITS_OWN = /^the (petition|closed petition|open petitions)/
/** Where nothing may scroll sideways: 1280 px at a zoom of 400 % (WCAG 1.4.10), or a small phone. */
const NARROWEST = 320
/** The colours are the same in every language. */
const DARK_IN = 'en'

describe('accessibility', { concurrency: 2 }, () => {
  let sites: Sites
  before(async () => {
    sites = await startSites()
  })
  after(() => sites.close())

  for (const language of languages) {
    it(`no page breaks a rule of WCAG 2.2 AA or scrolls sideways: ${language}`, async () => {
      const found: string[] = []
      await withPage({ width: PHONE, locale: language }, async (page) => {
        await page.addInitScript({ content: axe.source })
        for (const { name, open } of await everyPage(sites, language)) {
          await open(page)
          const check = async (how: string, rules: RunOptions) => {
            for (const broken of await run(page, rules)) found.push(`${name}, ${how}: ${broken}`)
          }
          await check('on a phone', WCAG)
          if (language === DARK_IN) {
            await page.emulateMedia({ colorScheme: 'dark' })
            await check('in the dark', COLOURS)
            await page.emulateMedia({ colorScheme: 'light' })
          }
          if (LAYOUT_OF_ITS_OWN.test(name)) {
            await page.setViewportSize({ width: DESK, height: 900 })
            await check('on a wide screen', WCAG)
          }
          await page.setViewportSize({ width: NARROWEST, height: 844 })
          for (const element of await tooWide(page)) found.push(`${name} is too wide: ${element}`)
          await page.setViewportSize({ width: PHONE, height: 844 })
        }
      })
      assert.deepEqual(found, [])
    })
  }
})

/** @returns the broken rules, each with the elements that break it */
async function run(page: Page, rules: RunOptions): Promise<string[]> {
  const options = JSON.stringify({ ...rules, resultTypes: ['violations'] })
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${options})`)
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' · ')}`,
  )
}

/** @returns what makes the page scroll sideways */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body, body *')]
      .filter((element) => element.scrollWidth > innerWidth || element.getBoundingClientRect().right > innerWidth)
      .map((element) => element.outerHTML.slice(0, 120))`)
}
