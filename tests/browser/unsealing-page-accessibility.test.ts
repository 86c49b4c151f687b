import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import {
  bringAxe,
  brokenRules,
  COLOURS,
  NARROWEST,
  tooSmall,
  tooWide,
  WCAG,
} from '../support/browser/inspect-page.ts'
import { visitUnsealingPage } from '../support/browser/unsealing-visit.ts'
import { VISITED } from '../support/browser/visited-languages.ts'
import { DESK, PHONE } from '../support/browser.ts'
import { typedNames } from '../support/names.ts'
import { exportText, newKeys, SLUG, sealedLine } from '../support/sealed-export.ts'

const LONG_NAME = `Her Excellency ${'Wolfeschlegelsteinhausenbergerdorff'.repeat(2)}`

describe('the unsealing page’s accessibility', { concurrency: 2 }, () => {
  for (const language of VISITED) {
    it(`no screen breaks a rule of WCAG 2.2 AA or scrolls sideways: ${language}`, async () => {
      const keys = newKeys()
      const lines = await Promise.all(
        [...typedNames, LONG_NAME].map((name, index) =>
          sealedLine({ id: String(index + 1), name, comment: name }, [keys.recipient]),
        ),
      )
      const found: string[] = []
      await visitUnsealingPage(
        async ({ page, t, ...visit }) => {
          const inspect = (screen: string) => inspectScreen(page, screen, found)
          await visit.see(t('unsealing.choose.heading'))
          await inspect('choosing')
          await visit.press('unsealing.choose.submit')
          await inspect('choosing, with errors')
          await visit.choose(exportText(lines, { records: 2_000 }), keys.identity)
          await visit.press('unsealing.choose.submit')
          await visit.see(t('unsealing.refused.short.heading'))
          await inspect('a file cut short')
          await visit.press('unsealing.refused.short.continue')
          await visit.see(t('unsealing.list.heading', { petition: SLUG }))
          await inspect('the list')
          await visit.rows.getByRole('button', { name: LONG_NAME }).click()
          await inspect('a record')
          await page.keyboard.press('Escape')
          await page.getByLabel(t('unsealing.list.problems', { count: 14 })).check()
          await inspect('the problems')
          await visit.press('unsealing.list.close')
          await inspect('closed')
        },
        { width: PHONE, locale: language, prepare: bringAxe },
      )
      assert.deepEqual(found, [])
    })
  }

  it('the language can be changed at any time, and the list speaks it', async () => {
    const keys = newKeys()
    const line = await sealedLine({ country: 'DE' }, [keys.recipient])
    await visitUnsealingPage(async ({ page, ...visit }) => {
      await visit.choose(exportText([line]), keys.identity)
      await visit.press('unsealing.choose.submit')
      await visit.see('Signers of free-them')
      const seen: string[][] = []
      for (const name of ['Azərbaycan', 'Русский', 'Беларуская', 'English']) {
        await page.locator('.languages summary').click()
        await page.getByRole('button', { name }).click()
        const lang = (await page.evaluate('document.documentElement.lang')) as string
        seen.push([lang, await page.title(), ...(await visit.column('country'))])
      }
      assert.deepEqual(seen, [
        ['az', 'İmzalayanlar: free-them – Undersigned', 'Almaniya'],
        ['ru', 'Подписавшие free-them – Undersigned', 'Германия'],
        ['be', 'Падпісалі free-them – Undersigned', 'Германія'],
        ['en', 'Signers of free-them – Undersigned', 'Germany'],
      ])
    })
  })
})

async function inspectScreen(page: Page, screen: string, found: string[]): Promise<void> {
  const note = (how: string, faults: string[]) => {
    for (const fault of faults) found.push(`${screen}, ${how}: ${fault}`)
  }
  note('on a phone', await brokenRules(page, WCAG))
  note('too small', await tooSmall(page))
  await page.emulateMedia({ colorScheme: 'dark' })
  note('in the dark', await brokenRules(page, COLOURS))
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: DESK, height: 900 })
  note('on a wide screen', await brokenRules(page, WCAG))
  await page.setViewportSize({ width: NARROWEST, height: 844 })
  note('too wide', await tooWide(page))
  await page.setViewportSize({ width: PHONE, height: 844 })
}
