import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import type { AxeResults } from 'axe-core'
import type { Frame, FrameLocator, Page } from 'playwright-core'
import { readBreakdown } from '../../src/count/read-counts.ts'
import { currentText } from '../../src/petition/petition.ts'
import { isRightToLeft } from '../../src/platform/i18n/direction.ts'
import { translator } from '../../src/platform/i18n/translate.ts'
import { bringAxe, WCAG } from '../support/browser/inspect-page.ts'
import { type NewsPage, snippet, strictPolicy } from '../support/browser/news-site.ts'
import { useNewspaper } from '../support/browser/newspaper.ts'
import { consent, fillIn, press, seeHeading, signers } from '../support/browser/person.ts'
import { type PageOptions, PHONE, withPage } from '../support/browser.ts'
import { getDemo } from '../support/demo.ts'
import { counted, sign } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { until } from '../support/until.ts'

// Over 250 lines: one newspaper's page and one site serve all that a frame does there.

const NARROW = 320
const COLUMN = 700
const t = translator('en')

/** A newspaper in that language. */
const ofHost = (language: string) => ({
  attributes: `lang="${language}" dir="${isRightToLeft(language) ? 'rtl' : 'ltr'}"`,
})

/** As in a browser whose settings keep storage from frames. */
const NO_STORAGE = `
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } })
  }
`
const CHECK = `axe.run(document, ${JSON.stringify({ ...WCAG, resultTypes: ['violations'] })})`

describe('a petition on a newspaper’s page', () => {
  const { site, news, partner } = useNewspaper()

  const element = (attributes = '') =>
    `<script async src="${site.origin}/embed.js" data-petition="cop29-baku" ${attributes}></script>`

  async function visit(
    options: PageOptions,
    shown: NewsPage,
    work: (page: Page, frame: FrameLocator) => Promise<void>,
  ) {
    await withPage(options, async (page) => {
      await bringAxe(page)
      await page.addInitScript({ content: NO_STORAGE })
      await page.goto(news.show({ policy: strictPolicy(site.origin), ...shown }))
      await work(page, page.frameLocator('iframe'))
    })
  }

  async function fill(frame: FrameLocator, language: string, email: string) {
    const person = { language, name: signers[language]!, email, country: 'DE' }
    await fillIn(frame, person)
    await consent(frame, person)
  }
  const told = (page: Page) =>
    page.evaluate<{ name: string; detail: object; from: string }[]>('told')

  for (const { width, language } of [
    { width: NARROW, language: 'en' },
    { width: COLUMN, language: 'en' },
    { width: NARROW, language: 'fa' },
  ]) {
    it(`is signed in place by the lines of docs/sharing.md, under a strict policy and without storage: ${language}, ${width} px`, async () => {
      const email = `herald-${language}-${width}@example.org`
      const lines = await snippet(site.origin, 0, partner.code)
      const content = lines.replace('data-ref', `data-lang="${language}" data-ref`)
      await visit({ width }, { ...ofHost(language), content }, async (page, frame) => {
        await press(frame, language, 'form.submit')
        await frame.locator('#error-name').waitFor()
        assert.ok(
          await frame
            .locator('[data-error-summary]')
            .evaluate((box) => box === box.ownerDocument.activeElement),
        )
        const inner = page.frames()[1]!
        await assertAccessible(inner)
        await assertFits(page, inner)
        await fill(frame, language, email)
        await press(frame, language, 'form.submit')
        await seeHeading(frame, language, 'checkEmail.heading')
        await assertReads(inner, language)
        await assertFits(page, inner)
        await page.waitForFunction(`told.some(({ name }) => name === 'signed')`)
        const events = await told(page)
        assert.equal(events.filter(({ name }) => name === 'signed').length, 1)
        for (const { name, detail, from } of events) {
          assert.equal(from, 'iframe')
          assert.deepEqual(
            Object.keys(detail),
            name === 'resized' ? ['petition', 'height'] : ['petition'],
          )
        }
        assert.equal(await page.locator('article a').isVisible(), false)
        const own = await page.context().newPage()
        await own.goto(await site.linkMailedTo(email, 'confirm'))
        await seeHeading(own, language, 'confirm.heading')
        await press(own, language, 'confirm.submit')
        await seeHeading(own, language, 'thanks.heading')
      })
    })
  }

  it('counts them all under the paper’s name', async () => {
    const { harness } = site
    await until(async () => (await counted(harness)) === 3, {
      everyMs: 100,
      complaint: 'not counted',
    })
    const { id } = await getDemo(harness)
    const rows = await readBreakdown(harness.site.db, id, 'source')
    assert.deepEqual(rows, [{ key: `partner:${partner.code}`, signatures: 3 }])
  })

  it('has room in a plain frame of the height that docs/sharing.md names, in the languages with the highest pages', async () => {
    const text = await readFile('docs/sharing.md', 'utf8')
    const [, styles] = /^```css\n(iframe.*?)^```$/ms.exec(text)!
    const plain = await snippet(site.origin, 1, partner.code)
    for (const width of [PHONE, COLUMN]) {
      await withPage({ width }, async (page) => {
        for (const language of ['ka', 'fr', 'ru']) {
          const content = plain.replace('lang=en', `lang=${language}`)
          await page.goto(news.show({ styles, content }))
          const inner = page.frames()[1]!
          await inner.waitForLoadState()
          const [needed, there] = await inner.evaluate<[number, number]>(
            '[document.documentElement.scrollHeight, innerHeight]',
          )
          assert.ok(needed <= there, `${language}, ${width} px: ${needed} px in ${there} px`)
        }
      })
    }
  })

  it('is signed without JavaScript, too, in a plain frame', async () => {
    const content = await snippet(site.origin, 1, partner.code)
    await visit({ width: NARROW, javaScript: false }, { content }, async (page, frame) => {
      await press(frame, 'en', 'form.submit')
      await frame.locator('#error-name').waitFor()
      await fill(frame, 'en', 'no-script@example.org')
      await press(frame, 'en', 'form.submit')
      await seeHeading(frame, 'en', 'checkEmail.heading')
      assert.ok(await page.locator('article a').isVisible())
    })
  })

  for (const { width, scheme, language } of [
    { width: NARROW, scheme: 'light', language: 'en' },
    { width: COLUMN, scheme: 'dark', language: 'en' },
    { width: NARROW, scheme: 'light', language: 'fa' },
    { width: COLUMN, scheme: 'dark', language: 'fa' },
  ] as const) {
    it(`is as high as its page, breaks no rule of WCAG, and takes nothing of the host’s styles: ${language}, ${width} px, ${scheme}`, async () => {
      const styles = ':root { color-scheme: light dark }'
      const content = element(`data-lang="${language}"`)
      const page = { styles, ...ofHost(language), content }
      await visit({ width, colorScheme: scheme }, page, async (page, frame) => {
        await frame.locator('#field-name').waitFor()
        const inner = page.frames()[1]!
        await assertReads(inner, language)
        await assertAccessible(inner)
        await assertFits(page, inner)
        assert.doesNotMatch(await colour(page, 'h1', 'fontFamily'), /cursive/)
        assert.equal(await colour(page, 'body', 'backgroundColor'), 'rgba(0, 0, 0, 0)')
        const title = await page.locator('iframe').getAttribute('title')
        const { title: own } = currentText(await getDemo(site.harness), language).content
        assert.ok(title!.startsWith(own), title!)
        assert.equal(await page.evaluate('document.activeElement.localName'), 'body')
        await frame.getByText(translator(language)('form.comment.add')).click()
        await assertAccessible(inner)
        await assertFits(page, inner)
      })
    })
  }

  it('wears the host’s colours as far as they can be read, and follows its switch to the dark', async () => {
    const styles = `
      :root { color-scheme: light; --undersigned-accent: rebeccapurple; --undersigned-paper: #eee; --undersigned-ink: #bbb }
      :root.night { color-scheme: dark; --undersigned-paper: #101418; --undersigned-ink: #555 }`
    await visit({ width: COLUMN }, { styles, content: element() }, async (page, frame) => {
      await frame.locator('#field-name').fill('Typed before')
      const inner = page.frames()[1]!
      const check = async (ground: string) => {
        await standsOn(page, ground)
        await assertAccessible(inner)
      }
      await check('rgb(238, 238, 238)')
      const accent = await colour(page, 'button[data-busy]', 'backgroundColor')
      assert.equal(accent, 'rgb(102, 51, 153)')
      await page.evaluate(`document.documentElement.className = 'night'`)
      await check('rgb(16, 20, 24)')
      assert.equal(await colour(page, 'html', 'colorScheme'), 'dark')
      assert.equal(await frame.locator('#field-name').inputValue(), 'Typed before')
    })
  })

  it('is reached, filled in and left by the keyboard', async () => {
    const content = `<p><a href="#before">Before</a></p>${element()}<p><a href="#after">After</a></p>`
    await visit({ width: COLUMN }, { content }, async (page, frame) => {
      await frame.locator('#field-name').waitFor()
      const inner = page.frames()[1]!
      await page.getByText('Before').focus()
      const met: string[] = []
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab')
        if ((await page.evaluate('document.activeElement.textContent')) === 'After') break
        const [what, outline] = await inner.evaluate<[string, string]>(
          `[document.activeElement.name || document.activeElement.localName,
            getComputedStyle(document.activeElement).outlineStyle]`,
        )
        met.push(what)
        assert.notEqual(outline, 'none', what)
      }
      const fields = ['name', 'email', 'country', 'display', 'summary', 'updates', 'consent']
      assert.deepEqual(met.slice(0, 8), ['a', ...fields])
      assert.ok(met.length < 20, met.join())
    })
  })

  it('shows its link again where the frame is refused', async () => {
    await holdBy(['https://allies.example'])
    const content = await snippet(site.origin, 0, partner.code)
    const provokes = /frame-ancestors|Framing|Undersigned/
    await visit({ width: COLUMN, provokes }, { content }, async (page) => {
      await page.locator('article a').waitFor({ state: 'visible' })
      assert.equal(await page.frames()[1]!.locator('form').count(), 0)
      await page.locator('iframe').waitFor({ state: 'hidden' })
    })
    await holdBy(['anywhere'])
  })

  it('leaves its link, no hole, and a line in the console where no petition has that name', async () => {
    const content = (await snippet(site.origin, 0, partner.code)).replace(
      '"cop29-baku"',
      '"cop29-bakou"',
    )
    await visit({ width: COLUMN, provokes: /Undersigned/ }, { content }, async (page) => {
      const told = page.waitForEvent('console', {
        predicate: (message) => message.text().includes('shows no petition "cop29-bakou"'),
      })
      await page.reload()
      await told
      await page.locator('article a').waitFor({ state: 'visible' })
      assert.equal(await page.locator('iframe').isVisible(), false)
    })
    await visit(
      { width: COLUMN, provokes: /Undersigned/ },
      { content: element().replace('"cop29-baku"', '"cop29-bakou"') },
      async (page, frame) => {
        await frame.getByText(t('embed.unknown')).waitFor()
        const fits = async () => (await page.locator('iframe').boundingBox())!.height < 100
        await until(fits, { everyMs: 50, complaint: 'a hole' })
      },
    )
  })

  it('stands on the host’s ground, and can be read on each', async () => {
    for (const [styles, attributes, ground] of [
      ['', 'data-kind="button"', 'rgba(0, 0, 0, 0)'],
      ['body { background: #fff }', '', 'rgba(0, 0, 0, 0)'],
      ['article { background: rgb(20 40 60) }', '', 'rgb(20, 40, 60)'],
      ['body { background: gold } article { background: #0000 }', '', 'rgb(255, 215, 0)'],
      ['body { background: linear-gradient(red, blue) }', '', 'rgb(251, 251, 248)'],
      ['', 'data-theme="dark"', 'rgb(19, 21, 26)'],
      [':root { --undersigned-paper: #eee }', '', 'rgb(238, 238, 238)'],
    ] as const) {
      await visit({ width: COLUMN }, { styles, content: element(attributes) }, async (page) => {
        const inner = page.frames()[1]!
        await page.waitForFunction(`told.some(({ name }) => name === 'resized')`)
        await standsOn(page, ground)
        await assertAccessible(inner)
      })
    }
  })

  it('is a counter or a button on request, whose links open windows of their own', async () => {
    for (const kind of ['counter', 'button']) {
      const content = element(`data-kind="${kind}"`)
      await visit({ width: COLUMN }, { content }, async (page, frame) => {
        const link = frame.locator('main a').first()
        const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
        await opened.waitForURL(`${site.origin}/en/p/cop29-baku?source=embed`)
        assert.equal(await opened.evaluate('window.opener'), null)
        await assertFits(page, page.frames()[1]!)
        await assertAccessible(page.frames()[1]!)
        const { height } = (await page.locator('iframe').boundingBox())!
        assert.ok(height < 400, `${height} px`)
      })
    }
  })

  it('and nothing else of the site can stand in a frame, the button to confirm least', async () => {
    const fields = { email: 'clickjacked@example.org' }
    assert.equal((await sign(site.harness, fields)).status, 303)
    const confirming = await site.linkMailedTo(fields.email, 'confirm')
    const petition = `${site.origin}/en/p/cop29-baku`
    for (const address of [confirming, petition, `${petition}/withdraw`]) {
      const content = `<iframe src="${address}" title="x"></iframe>`
      const provokes = /frame-ancestors|X-Frame|Framing/
      await visit({ provokes }, { content }, async (page) => {
        await page.waitForLoadState()
        assert.equal(await page.frames()[1]!.locator('form, h1').count(), 0, address)
      })
    }
  })

  const standsOn = (page: Page, ground: string) =>
    until(async () => (await colour(page, 'body', 'backgroundColor')) === ground, {
      everyMs: 50,
      complaint: `it does not stand on ${ground}`,
    })

  const colour = (page: Page, selector: string, property: string) =>
    page
      .frames()[1]!
      .evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`)

  /** In that language, and from its side: each label begins where its field does. */
  async function assertReads(inner: Frame, language: string) {
    const { lang, side, apart } = await inner.evaluate<{
      lang: string
      side: string
      apart: number[]
    }>(`(() => {
      const side = document.dir === 'rtl' ? 'right' : 'left'
      const sideOf = (element) => {
        const words = document.createRange()
        words.selectNodeContents(element)
        return words.getBoundingClientRect()[side]
      }
      const labels = [...document.querySelectorAll('.field > label:not(.check)')]
      const apart = labels.filter((label) => label.control?.checkVisibility()).map((label) =>
        Math.abs(sideOf(label) - label.control.getBoundingClientRect()[side]))
      return { lang: document.documentElement.lang, side, apart }
    })()`)
    assert.equal(lang, language)
    assert.equal(side, isRightToLeft(language) ? 'right' : 'left')
    assert.ok(Math.max(0, ...apart) < 2, `${apart}`)
  }

  async function assertAccessible(inner: Frame) {
    // It takes what is seen through for white.
    const { violations } = await inner.evaluate<AxeResults>(
      `document.documentElement.style.background = 'Canvas', ${CHECK}`,
    )
    await inner.evaluate(`document.documentElement.style.background = ''`)
    const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
    assert.deepEqual(found, [])
  }

  /** The frame is as high as its page, and neither scrolls sideways. */
  async function assertFits(page: Page, inner: Frame) {
    const fits = async () => {
      const box = (await page.locator('iframe').boundingBox())!
      const [height, tooWide] = await inner.evaluate<[number, boolean]>(
        '[document.body.getBoundingClientRect().height, document.documentElement.scrollWidth > innerWidth]',
      )
      return Math.abs(box.height - height) <= 1 && !tooWide
    }
    const complaint = 'the frame does not fit its page'
    await until(fits, { everyMs: 50, complaint })
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true)
  }

  async function holdBy(origins: string[]) {
    const list = JSON.stringify(origins)
    await runSql(
      site.harness.databaseUrl,
      `update petition set settings = jsonb_set(settings, '{embed}', '${list}')`,
    )
    const isKnown = async () => {
      const answer = await fetch(`${site.origin}/embed/cop29-baku?lang=en`)
      const wanted = origins[0] === 'anywhere' ? '*' : origins[0]!
      return answer.headers.get('content-security-policy')!.endsWith(`frame-ancestors ${wanted}`)
    }
    await until(isKnown, { everyMs: 100, complaint: 'the settings stayed' })
  }
})
