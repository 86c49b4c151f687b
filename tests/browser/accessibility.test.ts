import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { languages } from '../../src/platform/i18n/translate.ts'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'

/** WCAG 2.2, levels A and AA, as far as a program can tell. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const LAYOUT_OF_ITS_OWN = /^the (petition|closed petition|open petitions)/
/** The colours are the same in every language. */
const DARK_IN = 'en'

describe('accessibility', () => {
  let sites: Sites
  before(async () => {
    sites = await startSites()
  })
  after(() => sites.close())

  for (const language of languages) {
    it(`no page breaks a rule of WCAG 2.2 AA: ${language}`, async () => {
      const found: string[] = []
      await withPage({ width: PHONE, locale: language }, async (page) => {
        for (const { name, open } of await everyPage(sites, language)) {
          await open(page)
          const check = async (how: string) => {
            for (const rule of await brokenRules(page)) found.push(`${name}, ${how}: ${rule}`)
          }
          await check('on a phone')
          if (language === DARK_IN) {
            await page.emulateMedia({ colorScheme: 'dark' })
            await check('in the dark')
            await page.emulateMedia({ colorScheme: 'light' })
          }
          if (LAYOUT_OF_ITS_OWN.test(name)) {
            await page.setViewportSize({ width: DESK, height: 900 })
            await check('on a wide screen')
            await page.setViewportSize({ width: PHONE, height: 844 })
          }
        }
      })
      assert.deepEqual(found, [])
    })
  }
})

async function brokenRules(page: Page): Promise<string[]> {
  // There are no frames, which the other mode is for.
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze()
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' · ')}`,
  )
}
