import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { drawBadge } from '../../src/card/draw-badge.ts'
import { withPage } from '../support/browser.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'

const LABELS: [language: string, label: string, figure: string][] = [
  ['en', 'Signed so far', '12,000+'],
  ['be', 'Падпісалі ўжо', '12 000+'],
  ['az', 'İmzalayıblar', '12.000+'],
  ['ru', 'ЩЖШЮМ Щ МШЖЮ', '99 000 000+'],
  ['fa', 'تاکنون امضا شده', '۱۲٬۰۰۰+'],
]

interface Box {
  left: number
  right: number
  fill: string
  is: string
}
const BOXES = `[...document.querySelectorAll('g > *')].map((one) => {
  const { left, right } = one.getBoundingClientRect()
  return { left, right, fill: getComputedStyle(one).fill, is: one.tagName }
})`

describe('a badge', () => {
  const harness = useHarness()
  const badge = async (query = '') => get(harness, `/p/${DEMO}/badge.svg${query}`)

  it('says the count in the steps of a card, in each of the petition’s languages', async () => {
    assert.match(await (await badge()).text(), /aria-label="Be the first to sign"/)
    for (let nth = 1; nth <= 12; nth++) {
      await signAndConfirm(harness, { email: `a${nth}@example.org` })
    }
    await harness.tally()
    const answer = await badge('?lang=ru')
    assert.equal(answer.headers.get('content-type'), 'image/svg+xml; charset=utf-8')
    assert.equal(answer.headers.get('content-language'), 'ru')
    assert.match(answer.headers.get('cache-control')!, /^public, max-age=600/)
    const svg = await answer.text()
    assert.match(svg, /xml:lang="ru"/)
    assert.match(svg, /<text class="on-figure"[^>]*>10\+<\/text>/)
    assert.doesNotMatch(svg, />12</)
    const headers = { 'if-none-match': answer.headers.get('etag')! }
    assert.equal((await get(harness, `/p/${DEMO}/badge.svg?lang=ru`, headers)).status, 304)
    assert.equal((await badge('?lang=xx')).headers.get('content-language'), 'en')
    assert.equal((await get(harness, '/p/nobody/badge.svg')).status, 404)
  })

  it('escapes what it says, and runs nothing', () => {
    const { svg, policy } = drawBadge({
      ...{ label: '</text><script>alert(1)</script>"', figure: null },
      ...{ language: 'en', accent: 'sea' },
    })
    assert.doesNotMatch(svg, /<script/)
    assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'$/)
  })

  it('holds its words in every script, light and dark, from right to left where they are', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPage({ colorScheme }, async (page) => {
        for (const [language, label, figure] of LABELS) {
          const { svg } = drawBadge({ label, figure, language, accent: 'plum' })
          const shown = await page.goto(
            `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
          )
          assert.ok(shown === null || shown.ok())
          const boxes: Box[] = await page.evaluate(BOXES)
          const grounds = boxes.filter(({ is }) => is === 'rect')
          const texts = boxes.filter(({ is }) => is === 'text')
          for (const [index, text] of texts.entries()) {
            const ground = grounds[index]!
            const what = `${language}: ${JSON.stringify([ground, text])}`
            assert.ok(text.left > ground.left + 2 && text.right < ground.right - 2, what)
          }
          const [first] = grounds
          const ofLabel = colorScheme === 'dark' ? 'rgb(54, 57, 65)' : 'rgb(23, 26, 33)'
          assert.equal(first!.fill === ofLabel, language !== 'fa', `${language}: ${first!.fill}`)
        }
      })
    }
  })

  it('stands on a page of another site, under a policy of its own', async () => {
    const answer = await badge()
    assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin')
    assert.match(answer.headers.get('content-security-policy')!, /sha256-/)
    await withPage({}, async (page) => {
      await page.goto(`${harness.origin}/p/${DEMO}/badge.svg`)
      const [ground]: Box[] = await page.evaluate(BOXES)
      assert.equal(ground!.fill, 'rgb(23, 26, 33)', 'the policy lets its own style through')
    })
  })
})
