import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AxeResults } from 'axe-core'
import { translator } from '../../src/platform/i18n/translate.ts'
import { bringAxe, WCAG } from '../support/browser/inspect-page.ts'
import { useNewspaper } from '../support/browser/newspaper.ts'
import { embedInWordpress, WORDPRESS_SCRIPT } from '../support/browser/wordpress.ts'
import { withPage } from '../support/browser.ts'
import { until } from '../support/until.ts'

const t = translator('en')
const ARTICLE_PX = 640
/** Their pages are the highest. */
const LONGEST = ['ka', 'fr', 'ru']
const CHECK = `axe.run(document, ${JSON.stringify({ ...WCAG, resultTypes: ['violations'], preload: false })})`

describe('a petition’s address in a post of WordPress', () => {
  const { site, news, partner } = useNewspaper()

  const credited = () => `${site.origin}/en/p/cop29-baku?ref=${partner.code}`
  async function embed(path: string, height = 900) {
    const html = await embedInWordpress(site.origin + path, { width: 600, height })
    assert.ok(html, 'left as it is')
    return html
  }

  it('becomes a counter as high as it needs, whose links lead to the petition, credited', async () => {
    const content = (await embed(`/s/${partner.code}`)) + WORDPRESS_SCRIPT
    await withPage({ width: ARTICLE_PX }, async (page) => {
      await bringAxe(page)
      await page.goto(news.show({ content }))
      const frame = page.frameLocator('iframe')
      await frame.getByText(credited(), { exact: true }).waitFor()
      assert.equal(await page.locator('blockquote').isVisible(), false)
      const inner = page.frames()[1]!
      const fits = async () => {
        const { height } = (await page.locator('iframe').boundingBox())!
        const needed = await inner.evaluate<number>('document.body.getBoundingClientRect().height')
        return Math.abs(height - Math.max(needed, 200)) <= 5
      }
      await until(fits, { everyMs: 50, complaint: 'the frame does not fit' })
      const { violations } = await inner.evaluate<AxeResults>(CHECK)
      assert.deepEqual(
        violations.map(({ id }) => id),
        [],
      )
      await frame.getByText(t('embed.read')).click()
      await page.waitForURL(credited())
      await page.goBack()
      await frame.getByText(credited(), { exact: true }).click()
      await page.waitForURL(credited())
    })
  })

  it('is a link in a quotation where scripts don’t run, and where WordPress’s own is left out', async () => {
    const content = await embed(`/en/p/cop29-baku?ref=${partner.code}`)
    for (const javaScript of [true, false]) {
      await withPage({ javaScript }, async (page) => {
        await page.goto(news.show({ content }))
        await page.waitForLoadState()
        assert.equal(await page.locator('iframe').isVisible(), false)
        await page.locator('blockquote a').click()
        await page.waitForURL(`${site.origin}/en/p/cop29-baku?ref=${partner.code}`)
      })
    }
  })

  it('has no form that does nothing, however much room there is', async () => {
    const content = (await embed(`/s/${partner.code}`, 5000)) + WORDPRESS_SCRIPT
    assert.match(content, /kind=form/)
    // Chromium tells of the form that the page tries.
    await withPage({ provokes: /Blocked form submission/ }, async (page) => {
      await page.goto(news.show({ content }))
      await page.frameLocator('iframe').getByText(credited(), { exact: true }).waitFor()
      assert.equal(await page.frames()[1]!.locator('form').count(), 0)
    })
  })

  for (const sandbox of [
    'allow-scripts',
    'allow-scripts allow-same-origin',
    'allow-scripts allow-forms',
  ]) {
    it(`says its address in a frame whose sandbox has only ${sandbox}`, async () => {
      for (const kind of ['form', 'counter', 'button']) {
        const src = `${site.origin}/embed/cop29-baku?lang=en&amp;kind=${kind}&amp;ref=${partner.code}`
        const content = `<iframe sandbox="${sandbox}" src="${src}" title="x"></iframe>`
        await withPage({ provokes: /Blocked form submission/ }, async (page) => {
          await page.goto(news.show({ content }))
          const address = page.frameLocator('iframe').getByText(credited(), { exact: true })
          await address.waitFor()
          const inner = page.frames()[1]!
          assert.equal(await inner.locator('form, a, button').count(), 0)
          await address.click()
          assert.equal(await inner.evaluate('String(getSelection())'), credited())
        })
      }
    })
  }

  it('says its address in a sandbox that lets nothing run', async () => {
    const src = `${site.origin}/embed/cop29-baku?lang=en&amp;kind=counter&amp;ref=${partner.code}`
    await withPage({ provokes: /Blocked script execution/ }, async (page) => {
      await page.goto(news.show({ content: `<iframe sandbox src="${src}" title="x"></iframe>` }))
      // Nothing of the test's runs there either.
      const session = await page.context().newCDPSession(page)
      const seen = async () => {
        const { documents, strings } = await session.send('DOMSnapshot.captureSnapshot', {
          computedStyles: [],
        })
        return documents.flatMap(({ layout }) => layout.text.map((at) => strings[at]))
      }
      const says = async () => {
        const texts = (await seen()).join(' ')
        return texts.includes(t('embed.nothingHappens')) && texts.includes(credited())
      }
      await until(says, { everyMs: 100, complaint: 'it says no address' })
      assert.ok(!(await seen()).join().includes(t('embed.signAt')))
    })
  })

  it('leaves room for the form, where a consumer has it', async () => {
    await withPage({}, async (page) => {
      for (const width of [320, 390, ARTICLE_PX]) {
        for (const kind of ['form', 'counter']) {
          const maxheight = kind === 'form' ? '' : '500'
          const heights: [string, number][] = []
          let offered = 0
          for (const language of LONGEST) {
            const url = `${site.origin}/${language}/p/cop29-baku`
            const query = new URLSearchParams({ url, maxwidth: String(width), maxheight })
            const answer = await fetch(`${site.origin}/oembed?${query}`)
            const oembed = (await answer.json()) as { height: number; html: string }
            offered = oembed.height
            const [, src] = /src="([^"]+)"/.exec(oembed.html)!
            assert.match(src!, new RegExp(`kind=${kind}`))
            await page.setViewportSize({ width, height: 800 })
            await page.goto(src!.replaceAll('&amp;', '&'))
            const needed = 'document.body.getBoundingClientRect().height'
            heights.push([language, await page.evaluate<number>(needed)])
          }
          const most = Math.max(...heights.map(([, height]) => height))
          assert.ok(most <= offered, `${width} px, ${offered} px: ${heights.join(' ')}`)
          assert.ok(most > offered * 0.8, `${width} px, ${offered} px: ${heights.join(' ')}`)
        }
      }
    })
  })
})
