import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { languages, translator } from '../../src/platform/i18n/translate.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import {
  button,
  consent,
  fillIn,
  type Person,
  personalLink,
  petitionPath,
  press,
  seeHeading,
  signAndConfirm,
  signers,
} from '../support/browser/person.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'
import { counted } from '../support/signer.ts'

const LIVE_COUNT_MS = 10_000

describe('signing in a browser', () => {
  let site: LiveSite
  before(async () => {
    site = await startLiveSite()
  })
  after(() => site.close())

  const person = (language: string, who: string, more: Partial<Person> = {}): Person => ({
    language,
    name: signers[language]!,
    email: `${who}.${language}@example.org`,
    country: 'PL',
    ...more,
  })

  for (const language of languages) {
    for (const javaScript of [false, true]) {
      const how = `${language}, ${javaScript ? 'with' : 'without'} JavaScript`
      const width = javaScript ? DESK : PHONE
      const who = javaScript ? 'scripted' : 'plain'

      it(`a person signs, brings a friend and withdraws: ${how}`, async () => {
        const t = translator(language)
        const ann = person(language, `ann-${who}`, {
          display: 'name',
          name: `${signers[language]} ${who}`,
        })
        const ben = person(language, `ben-${who}`)

        await withPage({ javaScript, width, locale: language }, async (page) => {
          await page.goto(`${site.origin}/p/cop29-baku`)
          assert.equal(new URL(page.url()).pathname, petitionPath(language))
          await signAndConfirm(page, site, ann)
          await page.getByText(t('share.broughtNone')).waitFor()
          const link = await personalLink(page)
          await checkShareLinks(page, link)

          await withPage({ javaScript, width, locale: language }, async (bens) => {
            await bens.goto(link)
            assert.equal(new URL(bens.url()).pathname, petitionPath(language))
            await bens.getByText(ann.name, { exact: true }).waitFor()
            await signAndConfirm(bens, site, ben)
          })
          await reloadUntilSeen(page, t('share.brought', { count: 1 }))

          await page
            .getByRole('main')
            .getByRole('link', { name: t('site.withdraw') })
            .click()
          await withdraw(page, ann)
          await page.goto(`${site.origin}${petitionPath(language)}`)
          assert.equal(await page.getByText(ann.name, { exact: true }).count(), 0)
        })
      })
    }
  }

  async function withdraw(page: Page, { language, email }: Person): Promise<void> {
    await page.getByLabel(translator(language)('askWithdrawal.email'), { exact: true }).fill(email)
    await press(page, language, 'askWithdrawal.submit')
    await seeHeading(page, language, 'askWithdrawal.sentHeading')
    await page.goto(await site.linkMailedTo(email, 'withdraw'))
    await press(page, language, 'withdraw.submit')
    await seeHeading(page, language, 'withdraw.doneHeading')
  }

  it('a reader sees the count grow by itself within ten seconds', async () => {
    const before = await counted(site.harness)
    await withPage({}, async (reader) => {
      await reader.goto(`${site.origin}${petitionPath('en')}`)
      await withPage({}, async (page) => {
        await page.goto(`${site.origin}${petitionPath('en')}`)
        await signAndConfirm(page, site, person('en', 'watched'))
      })
      const figure = reader
        .locator('[data-count-text]')
        .getByText(String(before + 1), { exact: true })
      await figure.waitFor({ timeout: LIVE_COUNT_MS })
      const line = reader.getByRole('progressbar')
      assert.equal(await line.getAttribute('value'), String(before + 1))
    })
  })

  it('who presses Sign twice sends once, and can send again after going back', async () => {
    const twice = person('en', 'twice')
    await withPage({}, async (page) => {
      const sent = await holdBack(page, '**/signatures')
      await page.goto(`${site.origin}${petitionPath('en')}`)
      await fillIn(page, twice)
      await consent(page, twice)
      await button(page, 'en', 'form.submit').click({ clickCount: 2, noWaitAfter: true })
      const busy = button(page, 'en', 'form.busy')
      assert.equal(await busy.getAttribute('aria-disabled'), 'true')
      await busy.click({ noWaitAfter: true })
      assert.equal(sent.bodies.length, 1)
      sent.release()
      await seeHeading(page, 'en', 'checkEmail.heading')

      await page.goBack()
      assert.equal(await page.locator('#field-name').inputValue(), twice.name)
      await press(page, 'en', 'form.submit')
      await seeHeading(page, 'en', 'checkEmail.heading')
      assert.equal(sent.bodies.length, 2)
    })
  })

  for (const [decision, key, heading] of [
    ['confirm', 'confirm.submit', 'thanks.heading'],
    ['reject', 'confirm.reject', 'rejected.heading'],
  ] as const) {
    it(`the button for ${decision} sends that decision, whatever is pressed after it`, async () => {
      const undecided = person('en', `${decision}s`)
      await withPage({}, async (page) => {
        await page.goto(`${site.origin}${petitionPath('en')}`)
        await fillIn(page, undecided)
        await consent(page, undecided)
        await press(page, 'en', 'form.submit')
        await page.goto(await site.linkMailedTo(undecided.email, 'confirm'))
        const sent = await holdBack(page, '**/confirm/*')
        await button(page, 'en', key).click({ noWaitAfter: true })
        for (const other of ['confirm.submit', 'confirm.reject']) {
          await button(page, 'en', other).click({ noWaitAfter: true })
        }
        assert.deepEqual(sent.bodies, [`decision=${decision}`])
        sent.release()
        await seeHeading(page, 'en', heading)
      })
    })
  }

  it('a link that is followed twice, or after “Not me”, says what it can', async () => {
    const careful = person('be', 'careful')
    await withPage({ javaScript: false }, async (page) => {
      await page.goto(`${site.origin}${petitionPath('be')}`)
      await signAndConfirm(page, site, careful)
      await page.goto(await site.linkMailedTo(careful.email, 'confirm'))
      await seeHeading(page, 'be', 'thanks.heading')
      await page.goto(`${site.origin}/be/confirm/abcdef`)
      await seeHeading(page, 'be', 'gone.heading')
    })
  })
})

/** Plain links to the networks, each with the reader's own link in it. */
async function checkShareLinks(page: Page, link: string): Promise<void> {
  assert.match(link, /\/s\/[A-Za-z0-9_-]{16}$/)
  const hrefs = await page
    .locator('.networks a')
    .evaluateAll((links) => links.map((a) => a.getAttribute('href') as string))
  const places = hrefs.map((href) => new URL(href).host || new URL(href).protocol)
  assert.deepEqual(
    ['wa.me', 't.me', 'x.com', 'www.facebook.com', 'bsky.app', 'mailto:'].filter(
      (place) => !places.includes(place),
    ),
    [],
  )
  for (const href of hrefs) assert.ok(decodeURIComponent(href).includes(link), href)
}

/** The tally follows within a second; the page says it when it is loaded next. */
async function reloadUntilSeen(page: Page, text: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await page.getByText(text).isVisible()) return
    await page.reload()
  }
  throw new Error(`the page never says “${text}”`)
}

/** Keeps what a form sends on its way, as a slow network would, until it is released. */
async function holdBack(page: Page, address: string) {
  const bodies: (string | null)[] = []
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(address, async (route) => {
    if (route.request().method() === 'POST') {
      bodies.push(route.request().postData())
      await released
    }
    await route.continue()
  })
  return { bodies, release }
}
