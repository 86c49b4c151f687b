import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { after, before, beforeEach, describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { copyDemo, DEMO, getDemo } from '../support/demo.ts'
import { type Harness, startHarness, useHarness } from '../support/harness.ts'
import { get, signAndConfirm, signaturesUntilShown } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

const FIREFOX = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
}
const readable = (html: string) => html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')
const codeIn = (thanks: string) => new URL(thanks, 'http://x').searchParams.get('s')!

describe('a share code’s own page', () => {
  const harness = useHarness({}, { languages })
  const page = async (path: string) => (await get(harness, path)).text()
  const partner = async (name: string) => {
    const { code } = await harness.site.sharing.createPartnerLink(
      await getDemo(harness),
      name,
      TESTER,
    )
    return { code, own: `/en/link/${harness.site.sharing.pageToken(code)}` }
  }
  const days = (html: string) =>
    [...html.matchAll(/<time datetime="([\d-]+)">[^<]*<\/time><\/dt><dd>([\d,]+)</g)].map(
      ([, day, clicks]) => [day, clicks],
    )
  /** @returns the answer's status. (fetch would say of itself that it is no navigation.) */
  const click = async (code: string, headers: Record<string, string> = {}, method = 'GET') => {
    const to = `${harness.origin}/en/s/${code}`
    const asked = request(to, { method, headers: { ...FIREFOX, ...headers } }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    return answer.statusCode
  }
  /** Clicks of today are shown tomorrow. */
  const tomorrow = async () => {
    await harness.site.sharing.clicks.write()
    harness.clock.move(DAY)
  }

  it('tells a partner how often the link was opened, a day at a time, once the day is over', async () => {
    const { code, own } = await partner('River News')
    const today = harness.clock.now().toISOString().slice(0, 10)
    for (let nth = 0; nth < 3; nth++) assert.equal(await click(code), 302)
    await harness.site.sharing.clicks.write()
    assert.deepEqual(days(await page(own)), [], 'nobody sees at which moment it was')
    await click(code)
    await tomorrow()
    const html = await page(own)
    assert.deepEqual(days(html), [[today, '4']])
    assert.match(html, /River News/)
    assert.match(html, new RegExp(`http://petitions\\.test/en/s/${code}"`))
    const { headers } = await get(harness, own)
    assert.match(headers.get('cache-control')!, /no-store/)
    assert.match(html, /<meta name="robots" content="noindex">/)
  })

  it('counts no preview, no robot, nothing that a browser fetched ahead', async () => {
    const { code, own } = await partner('Previewed')
    const agents = [
      'WhatsApp/2.24.6.77 A',
      'TelegramBot (like TwitterBot)',
      'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
      'Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)',
      'Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML, like Gecko) Safari/604 (Applebot/0.1)',
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/)',
      'Viber/13.3.0',
      'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
      'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      'Mozilla/5.0 (Linux; Android 8.0; Pixel 2 Build/OPD3.170816.012; Storebot-Google/1.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/81.0.4044.138 Mobile Safari/537.36',
      'Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)',
      'Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36 (Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots)',
      'curl/8.9.1',
      '',
    ]
    for (const agent of agents) {
      assert.equal(await click(code, { 'user-agent': agent }), 302, agent)
    }
    const ahead: Record<string, string>[] = [
      { 'sec-purpose': 'prefetch;prerender' },
      { purpose: 'prefetch' },
      { 'x-moz': 'prefetch' },
      { 'x-purpose': 'preview' },
      { 'sec-fetch-mode': 'no-cors' },
    ]
    for (const headers of ahead) await click(code, headers)
    assert.equal(await click(code, {}, 'HEAD'), 302)
    await click(code, { 'sec-fetch-mode': 'navigate' })
    await tomorrow()
    assert.deepEqual(
      days(await page(own)).map(([, clicks]) => clicks),
      ['1'],
    )
  })

  it('counts phones and browsers that are called like a robot, and those within apps', async () => {
    const { code, own } = await partner('Opened')
    const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36'
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
    const agents = [
      `Mozilla/5.0 (Linux; Android 10; CUBOT X30) ${chrome}`,
      `Mozilla/5.0 (Linux; Android 8.1.0; CUBOT_NOVA Build/O11019; wv) ${chrome}`,
      'Mozilla/5.0 (Linux; U; Android 4.4.2; es-es; CUBOT S208 Build/KOT49H) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30',
      `Mozilla/5.0 (Linux; Android 8.1.0; XBot Junior) ${chrome}`,
      `Mozilla/5.0 (Linux; Android 6.0; IDbot553 Build/MRA58K) ${chrome}`,
      `Mozilla/5.0 (Linux; Android 13; Spider 8) ${chrome}`,
      `Mozilla/5.0 (Linux; Android 14; SM-S921B Build/UP1A; wv) ${chrome} [Pinterest/Android]`,
      `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${chrome} Telegram-Android/11.3.3 (Samsung SM-S921B; Android 14; SDK 34; HIGH)`,
      `${phone} Mobile/22B83 [Pinterest/iOS]`,
      `${phone} Mobile/22B83 Snapchat/13.12.0.39 (like Safari/8619.2.8.10.9, panda)`,
      `${phone} Mobile/22B83 [FBAN/FBIOS;FBAV/487.0;FBBV/1;FBDV/iPhone15,2]`,
      `${phone} Mobile/22B83 Instagram 357.0.0 (iPhone15,2; iOS 18_1; WhatsApp)`,
      'UCWEB/2.0 (MIDP-2.0; U; Adr 9; ru; Redmi_Note_8) U2/1.0.0 UCBrowser/11.1.2.1113 U2/1.0.0 Mobile',
    ]
    for (const agent of agents) await click(code, { 'user-agent': agent })
    await tomorrow()
    assert.deepEqual(
      days(await page(own)).map(([, clicks]) => clicks),
      [String(agents.length)],
    )
  })

  it('keeps of clicks a number by link and day, which the table alone ties to no link', async () => {
    const { code } = await partner('Nameless')
    await click(code, { 'x-forwarded-for': '203.0.113.7' })
    await harness.site.sharing.clicks.write()
    const rows = await harness.site.db.selectFrom('share_click').selectAll().execute()
    assert.deepEqual([...new Set(rows.flatMap(Object.keys))].sort(), ['clicks', 'day', 'link'])
    const text = JSON.stringify(rows.map(({ link, ...row }) => [link.toString('latin1'), row]))
    assert.ok(!text.includes(code))
    harness.clock.move(32 * DAY)
    await harness.site.sharing.clicks.write()
    const left = await harness.site.db.selectFrom('share_click').selectAll().execute()
    assert.deepEqual(left, [], 'after 30 days nothing is left')
  })

  it('is opened by nobody who has the link alone', async () => {
    const { code, own } = await partner('Secretive')
    const token = own.split('/').at(-1)!
    const swapped = `${(await partner('Another')).code}${token.slice(8)}`
    const other = token.endsWith('A') ? 'Q' : 'A'
    for (const wrong of [
      code,
      `${token.slice(0, -1)}${other}`,
      swapped,
      `${code}${'A'.repeat(22)}`,
      `${token}A`,
    ])
      assert.equal((await get(harness, `/en/link/${wrong}`)).status, 404, wrong)
    for (const language of languages) {
      const html = await page(own.replace('/en/', `/${language}/`))
      assert.match(html, new RegExp(`<html lang="${language}"`))
      assert.match(html, new RegExp(`http://petitions\\.test/${language}/s/${code}`))
    }
  })

  it('of a signer opens from their thanks page, and says what the link brought; the link alone says nothing', async () => {
    const thanks = await signAndConfirm(harness, { email: 'sharer@example.org' })
    const code = codeIn(thanks)
    const enough = await signaturesUntilShown(harness, code)
    for (let nth = 0; nth < enough; nth++)
      await signAndConfirm(harness, { email: `friend${nth}@example.org`, ref: code })
    await harness.sequence()
    const html = readable(await page(thanks))
    const told = 'At least 5 people have signed through your link'
    assert.ok(html.includes(told))
    const [, own] = /href="(\/en\/link\/[\w-]+)"/.exec(html)!
    assert.ok((await page(own!)).includes(told))
    const asFriend = await page(`/en/p/${DEMO}/thanks?s=${code}`)
    assert.doesNotMatch(asFriend, /have signed through|\/en\/link\//)
    assert.doesNotMatch(asFriend, /Once at least five people/)
    for (const language of languages) {
      const [, href] = new RegExp(`href="(/${language}/p/${DEMO}/thanks[^"]*)"`).exec(html)!
      assert.match(readable(await page(href!)), new RegExp(`/${language}/link/`), language)
    }
  })

  it('is reached by a link with what chats, mail programs and eyes leave at its end', async () => {
    const { code } = await partner('Glued')
    const tails = ['.', ',', ')', ']', '}', '"', '”', '’', '»', '!', '?', ';', ':', '>', ').', '…']
    const unseen = ['\u200b', '\ufeff', '\u2060', '\u200e', '\u00ad', '\u00a0', '\u200b.']
    for (const tail of [...tails, ...unseen, '\u200b\u200d', ' and', '*', '_', '`']) {
      for (const path of [`/s/${code}`, `/ru/s/${code}`]) {
        let answer = await get(harness, `${path}${encodeURIComponent(tail)}`)
        if (!answer.headers.get('location')?.includes('/p/')) {
          answer = await get(harness, answer.headers.get('location') ?? '/none')
        }
        const to = answer.headers.get('location') ?? ''
        assert.match(to, new RegExp(`^/(?:en|ru)/p/${DEMO}\\?ref=${code}$`), JSON.stringify(tail))
      }
      const glued = await page(`/en/p/${DEMO}?ref=${code}${encodeURIComponent(tail)}`)
      if (tail !== '_' && tail !== ' and')
        assert.match(glued, new RegExp(`name="ref" value="${code}"`), JSON.stringify(tail))
    }
    assert.equal((await get(harness, `/s/%E2%80%8B${code}`)).status, 302, 'unseen in front')
  })
})

describe('the board of partners', () => {
  let harness: Harness
  before(async () => {
    harness = await startHarness()
  })
  after(() => harness.close())
  beforeEach(() => harness.site.petitions.drop())
  const board = () => get(harness, `/en/p/${DEMO}/partners`)

  it('is there only where the organisers made it public', async () => {
    assert.equal((await board()).status, 404)
    assert.doesNotMatch(await (await get(harness, `/en/p/${DEMO}`)).text(), /\/partners"/)
    const folder = copyDemo()
    await folder.change('petition.yaml', /^accent:/m, 'partners: public\naccent:')
    await folder.change('petition.yaml', /figures: guarded/, 'figures: live')
    await harness.site.publishing.publish(folder.path, { by: TESTER, agree: agreed, isDemo: true })
    harness.site.petitions.drop()
    assert.equal((await board()).status, 200)
    assert.match(
      await (await get(harness, `/en/p/${DEMO}`)).text(),
      /href="\/en\/p\/cop29-baku\/partners"/,
    )
  })

  it('shows each by name with what it brought at least, and no signer’s own link', async () => {
    const { sharing } = harness.site
    const petition = await getDemo(harness)
    const create = (name: string) => sharing.createPartnerLink(petition, name, TESTER)
    const [many, few] = [await create('Zeta <Radio>'), await create('Alpha')]
    await create('Nobody yet')
    const thanks = await signAndConfirm(harness, { email: 'first@example.org' })
    const from = async (ref: string, times: number) => {
      for (let nth = 0; nth < times; nth++)
        await signAndConfirm(harness, { email: `${ref}-${nth}@example.org`, ref })
    }
    await from(many.code, await signaturesUntilShown(harness, many.code))
    await from(few.code, 4)
    await from(codeIn(thanks), await signaturesUntilShown(harness, codeIn(thanks)))
    await harness.sequence()
    const html = await (await board()).text()
    const rows = [...html.matchAll(/<dt><bdi>([^<]*)<\/bdi><\/dt><dd>([^<]*)</g)].map((row) =>
      row.slice(1),
    )
    assert.deepEqual(rows, [
      ['Zeta &lt;Radio&gt;', '5'],
      ['Alpha', '–'],
      ['Nobody yet', '–'],
    ])
    assert.doesNotMatch(html, new RegExp(`${many.code}|${few.code}|${codeIn(thanks)}`))
  })
})
