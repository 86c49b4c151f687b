import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { languages } from '../../src/platform/i18n/translate.ts'
import { copyDemo, DEMO, STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

const SITE = 'http://petitions.test'

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
    const expected = [
      ...languages.map((language) => `${SITE}/${language}/`),
      ...STORY_LANGUAGES.map((language) => `${SITE}/${language}/p/${DEMO}`),
    ]
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
    for (const [below, anyLanguage, offered] of [
      ['/', '/', languages],
      [`/p/${DEMO}`, `/p/${DEMO}`, STORY_LANGUAGES],
    ] as const) {
      const alternates = alternatesIn(await pageOf(`/az${below}`))
      assert.deepEqual([...alternates.keys()], [...offered, 'x-default'])
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

  it('a search engine reads what the page is, who publishes it and how many have signed', async () => {
    const html = await (await get(harness, `/ru/p/${DEMO}`)).text()
    const [, json] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)!
    const page = JSON.parse(json!)
    assert.equal(page['@context'], 'https://schema.org')
    assert.equal(page['@type'], 'WebPage')
    assert.equal(page.inLanguage, 'ru')
    assert.equal(page.url, `${SITE}/ru/p/${DEMO}`)
    assert.match(page.name, /^COP29 в Баку/)
    assert.match(page.publisher[0].name, /^Координационный центр/)
    assert.equal(page.interactionStatistic.userInteractionCount, 0)
    assert.equal((await get(harness, page.image.slice(SITE.length))).status, 200)
    assert.equal((await get(harness, `/ru/p/${DEMO}/verify`)).status, 200)
  })

  it('no text of a petition ends the script that it is in', async () => {
    const evil = '</script><img src=x onerror=alert(1)><!--'
    const folder = copyDemo()
    await folder.change('en.md', /^slogan: .*$/m, `slogan: "${evil}"`)
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed, isDemo: true })
    const html = await (await get(harness, `/en/p/${DEMO}`)).text()
    assert.ok(!html.includes(evil))
    const [, json] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)!
    assert.equal(JSON.parse(json!).headline, evil)
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
