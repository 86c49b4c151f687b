import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { languages } from '../../src/platform/i18n/translate.ts'
import { everyPage, type Sites, startSites } from '../support/browser/every-page.ts'
import { NARROWEST, TARGET_PX, tooSmall } from '../support/browser/inspect-page.ts'
import { petitionPath } from '../support/browser/person.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'

/** What a list shows before anything is chosen, beside the room that it has for it. */
const CUT_PROMPTS = `(() => {
  const measure = document.createElement('canvas').getContext('2d')
  const roomOf = (element, besides) => {
    const style = getComputedStyle(element)
    measure.font = style.font
    return element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - besides
  }
  const lists = [...document.querySelectorAll('select')].map((list) =>
    ({ room: roomOf(list, ARROW_PX), text: list.selectedOptions[0].textContent.trim() }))
  const fields = [...document.querySelectorAll('[placeholder]')].map((field) =>
    ({ room: roomOf(field, 0), text: field.placeholder }))
  return [...lists, ...fields]
    .filter(({ room, text }) => measure.measureText(text).width > room)
    .map(({ room, text }) => text + ': ' + Math.round(room) + ' px')
})()`.replace('ARROW_PX', '20')

/** A button's words stand on one line on a phone, or on two where the button is one of several. */
const LONG_BUTTONS = `[...document.querySelectorAll('.button, .sign-bar a, summary')]
  .filter((button) => button.checkVisibility())
  .filter((button) => button.scrollWidth > button.clientWidth + 1 || lines(button) > MOST_LINES)
  .map((button) => button.textContent.trim() + ': ' + lines(button) + ' lines')`
  .replace('MOST_LINES', '2')
  .replaceAll(
    'lines(button)',
    'Math.round(button.getBoundingClientRect().height / parseFloat(getComputedStyle(button).lineHeight) - 1)',
  )

describe('what a finger aims at', { concurrency: 2 }, () => {
  let sites: Sites
  before(async () => {
    sites = await startSites()
  })
  after(() => sites.close())

  for (const language of languages) {
    it(`is ${TARGET_PX} pixels wide and high on every page: ${language}`, async () => {
      const found: string[] = []
      await withPage({ width: PHONE, locale: language }, async (page) => {
        for (const { name, open } of await everyPage(sites, language)) {
          await open(page)
          for (const each of await tooSmall(page)) found.push(`${name}: ${each}`)
        }
      })
      assert.deepEqual(found, [])
    })
  }

  it('has short words in every language: no button is longer than two lines of a phone', async () => {
    await withPage({ width: PHONE }, async (page) => {
      for (const language of languages) {
        for (const path of ['', '/thanks', '/withdraw', '/verify']) {
          await page.goto(`${sites.busy.origin}${petitionPath(language)}${path}`)
          assert.deepEqual(await page.evaluate(LONG_BUTTONS), [], `${language} ${path}`)
        }
      }
    })
  })

  it('says what it is for: no prompt of a list or field is cut off at any width', async () => {
    await withPage({}, async (page) => {
      for (const language of languages) {
        await page.goto(`${sites.busy.origin}${petitionPath(language)}`)
        for (const width of [NARROWEST, 360, PHONE, 430, 768, 1000, DESK]) {
          await page.setViewportSize({ width, height: 844 })
          assert.deepEqual(await page.evaluate(CUT_PROMPTS), [], `${language}, ${width} px`)
        }
      }
    })
  })

  it('has an icon beside the name of each network, drawn in the text’s own colours', async () => {
    await withPage({ width: PHONE }, async (page) => {
      await page.goto(`${sites.busy.origin}${petitionPath('en')}/thanks`)
      const names = ['WhatsApp', 'Telegram', 'X', 'Facebook', 'Bluesky', 'Mastodon', 'E-mail']
      const drawings = new Set<string>()
      for (const name of names) {
        const link = page.locator('.networks').getByRole('link', { name, exact: true })
        const icon = link.locator('svg[aria-hidden="true"]')
        const box = await icon.boundingBox()
        assert.ok(box && box.width >= 20 && box.height >= 20, name)
        drawings.add(await icon.innerHTML())
      }
      assert.equal(drawings.size, names.length)
    })
  })
})
