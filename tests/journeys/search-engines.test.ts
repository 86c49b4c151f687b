import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'

const SITE = 'http://petitions.test'
const LANGUAGES = ['en', 'az', 'ru', 'be']

describe('what search engines, messengers and browsers ask for by themselves', () => {
  const harness = useHarness()

  const pageOf = async (path: string) => {
    const html = await (await get(harness, path)).text()
    return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
  }
  const alternatesIn = (text: string) =>
    new Map(
      [...text.matchAll(/rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)].map(
        ([, language, href]) => [language!, href!],
      ),
    )

  it('robots.txt lets them in and names the sitemap', async () => {
    const answer = await get(harness, '/robots.txt')
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type')!, /^text\/plain/)
    const text = await answer.text()
    assert.match(text, /^User-agent: \*$/m)
    assert.match(text, new RegExp(`^Sitemap: ${SITE}/sitemap.xml$`, 'm'))
    assert.doesNotMatch(text, /Disallow: \//)
  })

  it('the sitemap has exactly the pages that may be listed, beside their other languages', async () => {
    const answer = await get(harness, '/sitemap.xml')
    assert.match(answer.headers.get('content-type')!, /^application\/xml/)
    const xml = await answer.text()
    const listed = [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => url!)
    const expected = ['/', `/p/${DEMO}`].flatMap((below) =>
      LANGUAGES.map((language) => `${SITE}/${language}${below}`),
    )
    assert.deepEqual(listed.sort(), expected.sort())
    for (const [url] of xml.matchAll(/<url>[\s\S]*?<\/url>/g)) {
      const loc = /<loc>([^<]+)/.exec(url)![1]!
      const html = await pageOf(loc.slice(SITE.length))
      assert.match(html, new RegExp(`<link rel="canonical" href="${loc}">`))
      assert.doesNotMatch(html, /noindex/)
      assert.deepEqual(alternatesIn(url), alternatesIn(html), loc)
    }
  })

  it('a page names itself in every language, and where a reader of any other begins', async () => {
    for (const [below, anyLanguage] of [
      ['/', '/'],
      [`/p/${DEMO}`, `/p/${DEMO}`],
    ] as const) {
      const alternates = alternatesIn(await pageOf(`/az${below}`))
      assert.deepEqual([...alternates.keys()], [...LANGUAGES, 'x-default'])
      assert.equal(alternates.get('x-default'), `${SITE}${anyLanguage}`)
      for (const url of alternates.values()) {
        const answer = await get(harness, url.slice(SITE.length))
        assert.ok([200, 302].includes(answer.status), url)
      }
    }
  })

  it('a preview knows the language with its region, and which others there are', async () => {
    for (const [language, locale] of [
      ['en', 'en_GB'],
      ['az', 'az_AZ'],
      ['ru', 'ru_RU'],
      ['be', 'be_BY'],
    ] as const) {
      const html = await pageOf(`/${language}/p/${DEMO}`)
      assert.match(html, new RegExp(`property="og:locale" content="${locale}"`))
      const others = [...html.matchAll(/og:locale:alternate" content="([^"]+)"/g)]
      assert.equal(others.length, 3)
      assert.ok(!others.some(([, other]) => other === locale))
    }
  })

  it('pages for one link, one form or one version stay out', async () => {
    for (const path of ['verify', 'privacy', 'thanks', 'withdraw', 'check-your-email']) {
      assert.match(await pageOf(`/en/p/${DEMO}/${path}`), /<meta name="robots" content="noindex">/)
    }
  })

  it('the icon is a picture', async () => {
    const answer = await get(harness, '/favicon.ico')
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'image/svg+xml')
    assert.match(await answer.text(), /^<svg /)
  })

  it('a file that is not there is no page', async () => {
    const files = [
      ...['/ads.txt', '/apple-touch-icon.png', '/manifest.webmanifest', '/wp-login.php?x=1'],
      ...['/.well-known/security.txt', '/.well-known/change-password', '/.well-known/'],
      ...['/assets/nothing.js', '/en/feed.xml', '/en/p/cop29-baku/rss.json', '/.env'],
    ]
    for (const path of files) {
      const answer = await get(harness, path)
      assert.equal(answer.status, 404, path)
      assert.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8', path)
      assert.equal(await answer.text(), 'there is nothing at this address\n')
    }
    for (const path of ['/nothing', '/en/nothing', '/nothing.html', '/en/p/nothing?x=1.txt']) {
      const answer = await get(harness, path)
      assert.equal(answer.status, 404, path)
      assert.match(answer.headers.get('content-type')!, /^text\/html/, path)
    }
  })
})
