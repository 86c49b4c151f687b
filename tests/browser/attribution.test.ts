import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import {
  type Person,
  personalLink,
  petitionPath,
  press,
  seeHeading,
  signAndConfirm,
} from '../support/browser/person.ts'
import { PHONE, withPage } from '../support/browser.ts'

describe('attribution in a browser', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite()
  })
  after(() => site.close())

  it('a link’s credit survives another language and an error, and no cookie is set', async () => {
    const ann: Person = { language: 'en', name: 'Ann', email: 'ann@example.org', country: 'SE' }
    const ben: Person = { language: 'az', name: 'Ben', email: 'ben@example.org', country: 'AZ' }
    const link = await withPage({}, async (page) => {
      await page.goto(`${site.origin}${petitionPath('en')}`)
      await signAndConfirm(page, site, ann)
      return personalLink(page)
    })
    const ref = link.split('/').at(-1)!

    // withPage checks that nothing was stored, whatever the journey.
    await withPage({ javaScript: false, width: PHONE, locale: 'ru' }, async (page) => {
      await page.goto(`${link}?source=telegram`)
      assert.equal(pathOf(page), `${petitionPath('ru')}?ref=${ref}&source=telegram`)
      await chooseLanguage(page, 'Беларуская')
      assert.equal(pathOf(page), `${petitionPath('be')}?ref=${ref}&source=telegram`)
      await press(page, 'be', 'form.submit')
      await page.getByRole('alert').waitFor()
      await chooseLanguage(page, 'Azərbaycan')
      assert.equal(pathOf(page), `${petitionPath('az')}?ref=${ref}&source=telegram`)
      await press(page, 'az', 'form.submit')
      await page.getByRole('alert').waitFor()
      await signAndConfirm(page, site, ben)
      await seeHeading(page, 'az', 'thanks.heading')
    })

    const newest = site.harness.services.db.selectFrom('signature').orderBy('id', 'desc')
    const stored = await newest.select(['ref', 'source']).limit(1).executeTakeFirstOrThrow()
    assert.deepEqual({ ...stored }, { ref, source: 'telegram' })
  })
})

async function chooseLanguage(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

function pathOf(page: Page): string {
  const { pathname, search } = new URL(page.url())
  return pathname + search
}
