import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { languages } from '../../src/platform/i18n/translate.ts'
import {
  askForPostcode,
  fillIn,
  openLanguages,
  petitionPath,
  press,
  seeHeading,
} from '../support/browser/person.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'
import { useHarness } from '../support/harness.ts'

const person = {
  language: 'en',
  name: 'Margaret O’Neill-Żółć',
  email: 'margaret@example.org',
  country: 'PL',
  postcode: '00-001',
  comment: 'Two lines,\nboth kept.',
  display: 'initials',
} as const

describe('changing the language in a browser', () => {
  const harness = useHarness({}, { languages })
  before(() => askForPostcode(harness))

  async function chooseInForm(page: Page, language: string): Promise<void> {
    await openLanguages(page, 'form')
    await page.locator(`form button[name="language"][value="${language}"]`).click()
  }

  async function assertKept(page: Page): Promise<void> {
    for (const field of ['name', 'email', 'country', 'postcode', 'comment'] as const) {
      assert.equal(await page.locator(`#field-${field}`).inputValue(), person[field], field)
    }
    assert.ok(await page.locator('#field-display-initials').isChecked())
    assert.ok(await page.locator('#field-consent').isChecked())
    assert.equal(await page.locator('.error, .error-summary').count(), 0)
    const { pathname, search } = new URL(page.url())
    assert.equal(pathname + search, petitionPath('be'))
  }

  for (const javaScript of [true, false]) {
    const how = javaScript ? 'with' : 'without'

    it(`keeps a half-filled form, ${how} JavaScript, and it can then be signed`, async () => {
      await withPage({ javaScript, width: PHONE }, async (page) => {
        await page.goto(`${harness.origin}${petitionPath('en')}`)
        await fillIn(page, person)
        await page.locator('#field-consent').check()
        await chooseInForm(page, 'be')
        await page.waitForURL(/\/be\//)
        await assertKept(page)
        const { y } = (await page.locator('#sign-form').boundingBox())!
        assert.ok(y >= -10 && y < 500, `the form is in view, at ${y}`)
        await press(page, 'be', 'form.submit')
        await seeHeading(page, 'be', 'checkEmail.heading')
      })
    })

    it(`keeps it on a page with mistakes, from the links on top too, ${how} JavaScript`, async () => {
      await withPage({ javaScript, width: DESK }, async (page) => {
        await page.goto(`${harness.origin}${petitionPath('en')}`)
        await fillIn(page, { ...person, email: 'margaret@' })
        await press(page, 'en', 'form.submit')
        await page.locator('.error-summary').waitFor()
        await page.locator('#field-email').fill(person.email)
        await page.locator('#field-consent').check()
        await openLanguages(page, '.masthead')
        await page.locator('.masthead').getByRole('button', { name: 'Беларуская' }).click()
        await page.waitForURL(/\/be\//)
        await assertKept(page)
      })
    })

    it(`Enter in a field signs, whatever buttons stand before it, ${how} JavaScript`, async () => {
      await withPage({ javaScript }, async (page) => {
        for (const start of ['link', 'button']) {
          await page.goto(`${harness.origin}${petitionPath('en')}`)
          await fillIn(page, { ...person, email: `enter-${start}-${how}@example.org` })
          await page.locator('#field-consent').check()
          if (start === 'button') {
            await chooseInForm(page, 'ru')
            await page.waitForURL(/\/ru\//)
          }
          await page.locator('#field-name').press('Enter')
          await seeHeading(page, start === 'link' ? 'en' : 'ru', 'checkEmail.heading')
        }
      })
    })

    it(`keeps the address that asks for a link to withdraw, ${how} JavaScript`, async () => {
      await withPage({ javaScript, width: PHONE }, async (page) => {
        await page.goto(`${harness.origin}${petitionPath('en')}/withdraw`)
        await page.locator('#field-email').fill('leaving@exam')
        await chooseInForm(page, 'az')
        await seeHeading(page, 'az', 'askWithdrawal.heading')
        assert.equal(await page.locator('#field-email').inputValue(), 'leaving@exam')
      })
    })
  }

  it('with JavaScript the links on top take along what was typed, and nothing else', async () => {
    await withPage({}, async (page) => {
      await page.goto(`${harness.origin}${petitionPath('en')}`)
      const posted: string[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST') posted.push(new URL(request.url()).pathname)
      })
      const choose = async (name: string) => {
        await openLanguages(page, '.masthead')
        await page.locator('.masthead').getByRole('link', { name }).click()
      }
      await choose('Русский')
      await page.waitForURL(/\/ru\//)
      assert.deepEqual(posted, [], 'nothing was typed')
      await choose('English')
      await page.waitForURL(/\/en\//)
      await fillIn(page, person)
      await page.locator('#field-consent').check()
      await choose('Беларуская')
      await page.waitForURL(/\/be\//)
      await assertKept(page)
      assert.deepEqual(posted, [petitionPath('be')])
      // Loaded anew from its address it is the plain page.
      await page.goto(`${harness.origin}${petitionPath('be')}`)
      assert.equal(await page.locator('#field-name').inputValue(), '')
    })
  })

  it('buttons are as large as a finger and say each language in its own words', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(`${harness.origin}${petitionPath('en')}`)
      await openLanguages(page, 'form')
      const group = page.locator('form .languages')
      assert.deepEqual(await group.getByRole('button').allTextContents(), [
        ...['Azərbaycan', 'Русский', 'Беларуская', 'Українська', 'Polski', 'Deutsch'],
        ...['Français', 'Español', 'Türkçe', 'ქართული', 'فارسی'],
      ])
      assert.equal(await group.locator('[lang="fa"]').getAttribute('dir'), 'auto')
      for (const button of await group.getByRole('button').all()) {
        assert.ok((await button.boundingBox())!.height >= 44)
      }
    })
  })
})
