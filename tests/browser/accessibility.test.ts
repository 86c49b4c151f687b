import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { RunOptions } from 'axe-core'
import { languages } from '../../src/platform/i18n/translate.ts'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import {
  bringAxe,
  brokenRules,
  COLOURS,
  NARROWEST,
  tooWide,
  WCAG,
} from '../support/browser/inspect-page.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'

const LAYOUT_OF_ITS_OWN = /^the (petition|closed petition|open petitions)/
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
        await bringAxe(page)
        for (const { name, open } of await everyPage(sites, language)) {
          await open(page)
          const check = async (how: string, rules: RunOptions) => {
            for (const broken of await brokenRules(page, rules))
              found.push(`${name}, ${how}: ${broken}`)
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
