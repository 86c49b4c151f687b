import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { translator } from '../../src/platform/i18n/translate.ts'
import type { Reader } from '../support/browser/firefox-reader.ts'
import type { FirefoxOptions } from '../support/browser/launch-firefox.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import { petitionPath, signers } from '../support/browser/person.ts'
import { visitWithFirefox } from '../support/browser/visit-firefox.ts'
import { DESK, PHONE } from '../support/browser.ts'
import { confirm, sign } from '../support/signer.ts'
import { type Patience, until as untilGivenUp } from '../support/until.ts'

/** Typed into a list, the beginning of a country's name chooses it. */
const COUNTRY: Readonly<Record<string, { typed: string; code: string }>> = {
  en: { typed: 'Germany', code: 'DE' },
  az: { typed: 'Almaniya', code: 'DE' },
}
/** A field to paste into. */
const PASTE_INTO = `(() => {
  const field = document.createElement('textarea')
  field.id = 'pasted'
  document.querySelector('main').prepend(field)
  field.focus()
})()`

const until = <T>(look: () => T | Promise<T>, patience: Patience = {}) =>
  untilGivenUp(look, { withinMs: 60_000, ...patience })

type Translate = ReturnType<typeof translator>

interface Journey extends FirefoxOptions {
  language: string
  width: number
}

const journeys: Journey[] = [
  { language: 'en', width: PHONE },
  { language: 'az', width: DESK, colorScheme: 'dark' },
  { language: 'az', width: PHONE, javaScript: false },
]

describe('Firefox', { concurrency: 2 }, () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite()
  })
  after(() => site.close())

  for (const journey of journeys) {
    const { language, width, javaScript = true, colorScheme = 'light' } = journey
    const how = `${language}, ${width} px, ${colorScheme}, ${javaScript ? 'with' : 'without'} JavaScript`

    it(`shows a petition to somebody who errs, signs, confirms and passes it on: ${how}`, async () => {
      const t = translator(language)
      const email = `${language}-${width}-${javaScript}@example.org`
      await visitWithFirefox({ width, javaScript, colorScheme }, async (reader) => {
        await reader.open(`${site.origin}${petitionPath(language)}`)
        await reader.fitsTheWindow()
        assert.equal(
          await reader.read(`matchMedia('(prefers-color-scheme: dark)').matches`),
          colorScheme === 'dark',
        )
        if (width === PHONE) await followBar(reader, javaScript)
        const before = await counted(reader)

        await reader.type(t('form.name.label'), signers[language]!)
        await reader.press(t('form.submit'))
        await seeErrors(reader, ['email', 'country', 'consent'])
        assert.equal(
          await reader.read(`document.querySelector('#field-name').value`),
          signers[language],
        )
        await reader.fitsTheWindow()

        await reader.type(t('form.email.label'), email)
        await reader.type(t('form.country.label'), COUNTRY[language]!.typed)
        assert.equal(
          await reader.read(`document.querySelector('#field-country').value`),
          COUNTRY[language]!.code,
        )
        await reader.choose(t('form.display.name.label'))
        await reader.choose(t('form.consent.label'))
        await reader.press(t('form.submit'))
        await reader.seeHeading(t('checkEmail.heading'))
        await reader.fitsTheWindow()

        await reader.open(await site.linkMailedTo(email, 'confirm'))
        await reader.seeHeading(t('confirm.heading'))
        await reader.fitsTheWindow()
        await reader.press(t('confirm.submit'))
        await reader.seeHeading(t('thanks.heading'))
        await reader.fitsTheWindow()
        const link = await passOn(reader, t, javaScript)

        await reader.open(link)
        await reader.see(signers[language]!)
        await seeCount(reader, before + 1)
      })
    })
  }

  it('lets the keyboard alone sign and confirm', async () => {
    const t = translator('en')
    await visitWithFirefox({ width: DESK }, async (reader) => {
      await reader.open(`${site.origin}${petitionPath('en')}`)
      await reader.keys('Tab', 'Enter')
      assert.equal(await reader.read('document.activeElement.id'), 'main')
      const answers: Record<string, () => Promise<void>> = {
        'field-name': () => reader.page.keyboard.type('Leyla Yunus'),
        'field-email': () => reader.page.keyboard.type('keys@example.org'),
        'field-country': () => reader.page.keyboard.type('Germany'),
        'field-consent': () => reader.keys(' '),
      }
      for (const [id, answer] of Object.entries(answers)) {
        await tabTo(reader, `document.activeElement.id === '${id}'`)
        await answer()
      }
      await tabTo(reader, `document.activeElement.type === 'submit'`)
      await reader.keys('Enter')
      await reader.seeHeading(t('checkEmail.heading'))
      await reader.open(await site.linkMailedTo('keys@example.org', 'confirm'))
      await tabTo(
        reader,
        `document.activeElement.textContent.trim() === ${JSON.stringify(t('confirm.submit'))}`,
      )
      await reader.keys('Enter')
      await reader.seeHeading(t('thanks.heading'))
    })
  })

  it('moves the count of a page that stays open', async () => {
    await visitWithFirefox({ width: PHONE }, async (reader) => {
      await reader.open(`${site.origin}${petitionPath('en')}`)
      const before = await counted(reader)
      const email = 'meanwhile@example.org'
      await sign(site.harness, { email })
      await confirm(site.harness, new URL(await site.linkMailedTo(email, 'confirm')).pathname)
      await seeCount(reader, before + 1)
    })
  })
})

/** The bar sticks to the foot of the window once scripts run, leads to the form, and steps aside there. */
async function followBar(reader: Reader, javaScript: boolean): Promise<void> {
  const foot = `(() => {
    const bar = document.querySelector('.sign-bar')
    const isSeen = bar.checkVisibility({ visibilityProperty: true })
    return isSeen && Math.abs(bar.getBoundingClientRect().bottom - innerHeight) < 1
  })()`
  if (javaScript) {
    await reader.read(`document.querySelector('.body').scrollIntoView({ behavior: 'instant' })`)
    await until(() => reader.read<boolean>(foot), { withinMs: 60_000, complaint: 'no bar' })
  }
  await reader.click('.sign-bar a')
  await until(() => reader.read<boolean>(`location.hash === '#sign'`), {
    complaint: 'the bar leads nowhere',
  })
  const form = `document.querySelector('#sign').getBoundingClientRect()`
  await until(() => reader.read<boolean>(`Math.abs(${form}.top) < innerHeight / 2`), {
    complaint: 'no form in view',
  })
  if (javaScript)
    await until(async () => !(await reader.read<boolean>(foot)), {
      complaint: 'the bar covers the form',
    })
}

/** Each error stands right above its field, and the summary has the focus of those who can't see it. */
async function seeErrors(reader: Reader, fields: string[]): Promise<void> {
  await until(() =>
    reader.read<boolean>(`!!document.querySelector('[role=alert]')`).catch(() => false),
  )
  for (const field of fields) {
    const distance = await reader.read<number>(`(() => {
      const error = document.querySelector('#error-${field}').getBoundingClientRect()
      const input = document.querySelector('#field-${field}').getBoundingClientRect()
      return error.height > 0 ? input.top - error.bottom : NaN
    })()`)
    assert.ok(distance > -2 && distance < 40, `${field}: ${distance} px below its error`)
  }
}

const shownCount = `Number(document.querySelector('[data-count-text]').textContent.replace(/\\D/g, ''))`

const counted = (reader: Reader) => reader.read<number>(shownCount)

/** By itself where scripts run, else on the page as it is loaded next. */
async function seeCount(reader: Reader, least: number): Promise<void> {
  const look = async () => {
    if ((await counted(reader)) >= least) return true
    if (!(await reader.read('document.documentElement.classList.contains("scripted")'))) {
      await reader.open(reader.page.url())
    }
    return false
  }
  await until(look, {
    everyMs: 200,
    withinMs: 60_000,
    complaint: `the count never reached ${least}`,
  })
}

/** @returns the signer's own link, as the share kit has it */
async function passOn(reader: Reader, t: Translate, javaScript: boolean): Promise<string> {
  const link = await reader.read<string>(`document.querySelector('#share-link').value`)
  assert.match(link, /\/s\/[A-Za-z0-9_-]{16}$/)
  const networks = await reader.read<string[]>(
    `[...document.querySelectorAll('.networks a')].map((a) => a.href)`,
  )
  assert.ok(networks.length >= 6)
  for (const href of networks) assert.ok(decodeURIComponent(href).includes(link), href)
  const isOffered = `document.querySelector('[data-copy]').checkVisibility()`
  assert.equal(await reader.read(isOffered), javaScript)
  if (javaScript) {
    await reader.press(t('share.copy'))
    await reader.see(t('share.copied'))
    await reader.read(PASTE_INTO)
    await reader.page.keyboard.down('Control')
    await reader.keys('v')
    await reader.page.keyboard.up('Control')
    assert.equal(await reader.read(`document.querySelector('#pasted').value`), link)
  }
  return link
}

async function tabTo(reader: Reader, isThere: string): Promise<void> {
  for (let step = 0; step < 40; step++) {
    await reader.keys('Tab')
    if (await reader.read<boolean>(isThere)) return
  }
  throw new Error(`no stop where ${isThere}`)
}
