import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { translator } from '../../src/platform/i18n/translate.ts'
import { type LiveSite, startLiveSite } from '../support/browser/live-site.ts'
import {
  consent,
  fillIn,
  openLanguages,
  PETITION,
  type Person,
  personalLink,
  petitionPath,
  press,
  seeHeading,
  signAndConfirm,
  signers,
} from '../support/browser/person.ts'
import { VISITED } from '../support/browser/visited-languages.ts'
import { DESK, PHONE, withPage } from '../support/browser.ts'
import { confirm, sign, signaturesUntilShown } from '../support/signer.ts'

describe('signing in a browser', { concurrency: 2 }, () => {
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

  for (const { language, javaScript } of [
    ...VISITED.map((language) => ({ language, javaScript: false })),
    { language: 'en', javaScript: true },
  ]) {
    const how = javaScript ? 'with JavaScript' : 'without JavaScript'

    it(`a person signs, brings a friend and withdraws: ${language}, ${how}`, async () => {
      const t = translator(language)
      const options = { javaScript, width: javaScript ? DESK : PHONE, locale: language }
      const name = `${signers[language]} ${how}`
      const ann = person(language, `ann-${javaScript}`, { name, display: 'name' })
      const ben = person(language, `ben-${javaScript}`)

      await withPage(options, async (page) => {
        await page.goto(`${site.origin}/p/${PETITION}`)
        assert.equal(pathOf(page), petitionPath(language))
        await signAndConfirm(page, site, ann)
        await page.getByText(t('share.broughtNone')).waitFor()
        const link = await personalLink(page)
        await checkShareLinks(page, link)

        await withPage(options, async (bens) => {
          await bens.goto(link)
          await bens.locator('.names').getByText(ann.name, { exact: true }).waitFor()
          await signAndConfirm(bens, site, ben)
        })
        await signThrough(link, `${language}-${javaScript}`)
        await site.harness.sequence()
        await reloadUntilSeen(page, t('share.brought', { count: 5 }))

        const main = page.getByRole('main')
        await main.getByRole('link', { name: t('site.withdraw') }).click()
        await withdraw(page, ann)
        await page.goto(`${site.origin}${petitionPath(language)}`)
        assert.equal(await page.getByText(ann.name, { exact: true }).count(), 0)
      })
    })
  }

  /** Other friends, without a browser: as many as it takes, with the one who has signed, until a number is shown. */
  async function signThrough(link: string, who: string): Promise<void> {
    const ref = link.split('/').at(-1)!
    const enough = await signaturesUntilShown(site.harness, ref)
    for (let nth = 1; nth < enough; nth++) {
      const email = `friend-${nth}-${who}@example.org`
      await sign(site.harness, { email, ref })
      await confirm(site.harness, new URL(await site.linkMailedTo(email, 'confirm')).pathname)
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

  for (const javaScript of [false, true]) {
    it(`a slip in the address is mended with one press, ${javaScript ? 'with' : 'without'} JavaScript, or kept by Enter`, async () => {
      const t = translator('be')
      await withPage({ javaScript, width: PHONE, locale: 'be' }, async (page) => {
        const slipped = person('be', 'x', { email: `slipped-${javaScript}@gmial.com` })
        const send = async () => {
          await page.goto(`${site.origin}${petitionPath('be')}`)
          await fillIn(page, slipped)
          await consent(page, slipped)
          await press(page, 'be', 'form.submit')
          await page.getByRole('alert').waitFor()
        }
        await send()
        const address = slipped.email.replace('gmial', 'gmail')
        const question = t('errors.email.slip', { suggestion: address })
        await page.getByRole('alert').getByText(question).waitFor()
        await page.getByRole('button', { name: t('form.email.take', { address }) }).click()
        await seeHeading(page, 'be', 'checkEmail.heading')
        await site.linkMailedTo(address, 'confirm')

        await send()
        await page.getByLabel(t('form.name.label'), { exact: true }).press('Enter')
        await seeHeading(page, 'be', 'checkEmail.heading')
        await site.linkMailedTo(slipped.email, 'confirm')
      })
    })
  }

  it('a link’s credit survives another language and an error, and no cookie is set', async () => {
    const ann = person('en', 'ann-credited')
    const ben = person('az', 'ben-credited', { country: 'BQ' })
    const link = await withPage({}, async (page) => {
      await page.goto(`${site.origin}${petitionPath('en')}`)
      await signAndConfirm(page, site, ann)
      return personalLink(page)
    })
    const ref = link.split('/').at(-1)!

    // withPage checks that nothing was stored, whatever the journey.
    await withPage({ javaScript: false, width: PHONE, locale: 'ru' }, async (page) => {
      await page.goto(`${link}?source=telegram`)
      assert.equal(pathOf(page), `${petitionPath('en')}?ref=${ref}&source=telegram`)
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

    const signatures = site.harness.site.db.selectFrom('signature')
    const bens = signatures.select(['ref', 'source']).where('country', '=', ben.country)
    const stored = await bens.executeTakeFirstOrThrow()
    assert.deepEqual({ ...stored }, { ref, source: 'telegram' })
  })

  it('a link that is followed twice, or after “Not me”, says what it can', async () => {
    const careful = person('be', 'careful')
    await withPage({ javaScript: false }, async (page) => {
      await page.goto(`${site.origin}${petitionPath('be')}`)
      await signAndConfirm(page, site, careful)
      await page.goto(await site.linkMailedTo(careful.email, 'confirm'))
      await seeHeading(page, 'be', 'receipt.heading')
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

/** The page shows a moved count when it is loaded next. */
async function reloadUntilSeen(page: Page, text: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await page.getByText(text).isVisible()) return
    await page.reload()
  }
  throw new Error(`the page never says “${text}”`)
}
async function chooseLanguage(page: Page, name: string): Promise<void> {
  await openLanguages(page, '.masthead')
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
}

function pathOf(page: Page): string {
  const { pathname, search } = new URL(page.url())
  return pathname + search
}
