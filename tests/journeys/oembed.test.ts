import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

const SITE = 'http://petitions.test'
const PETITION = `${SITE}/en/p/cop29-baku`

describe('oEmbed', () => {
  const harness = useHarness()

  const ask = (query: Record<string, string>) =>
    get(harness, `/oembed?${new URLSearchParams(query)}`)
  const json = async (query: Record<string, string>) => {
    const answer = await ask(query)
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type')!, /^application\/json/)
    return (await answer.json()) as Record<string, string | number>
  }

  it('is named in the head of the petition’s page, as JSON and as XML', async () => {
    const html = await (await get(harness, '/en/p/cop29-baku?ref=abcdefgh')).text()
    for (const [type, kind] of [
      ['application/json\\+oembed', 'application/json'],
      ['text/xml\\+oembed', 'text/xml'],
    ] as const) {
      const link = new RegExp(`<link rel="alternate" type="${type}" title="[^"]+" href="([^"]+)"`)
      const href = link.exec(html)![1]!.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')
      assert.ok(href.startsWith(`${SITE}/oembed?url=`))
      assert.equal(new URL(href).searchParams.get('url'), `${PETITION}?ref=abcdefgh`)
      const answer = await get(harness, href.slice(SITE.length))
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type')!, new RegExp(`^${kind}; charset=utf-8`))
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    }
    const older = await (await get(harness, '/en/p/cop29-baku/versions/1')).text()
    assert.doesNotMatch(older, /oembed\?url=.*versions/)
  })

  it('answers with the form where there is room for it, else with less', async () => {
    const whole = await json({ url: `${PETITION}?ref=abcdefgh` })
    assert.equal(whole.version, '1.0')
    assert.equal(whole.type, 'rich')
    assert.match(String(whole.title), /^COP29 in Baku/)
    assert.match(
      String(whole.html),
      /^<blockquote><a href="http:\/\/petitions\.test\/en\/p\/cop29-baku\?ref=abcdefgh">COP29[^<]+<\/a><\/blockquote><iframe src="http:\/\/petitions\.test\/embed\/cop29-baku\?lang=en&amp;kind=form&amp;theme=auto&amp;ref=abcdefgh" title="COP29/,
    )
    assert.equal(whole.thumbnail_width, 1200)
    const card = await get(harness, String(whole.thumbnail_url).slice(SITE.length))
    assert.equal(card.headers.get('content-type'), 'image/png')
    for (const [maxheight, kind] of [
      ['430', 'counter'],
      ['100', 'button'],
      ['20', 'button'],
    ]) {
      const small = await json({ url: PETITION, maxwidth: '320', maxheight: maxheight! })
      assert.equal(small.width, 320)
      assert.ok(Number(small.height) <= Number(maxheight))
      assert.match(String(small.html), new RegExp(`kind=${kind}`))
      assert.equal(small.thumbnail_url, undefined)
    }
  })

  it('says the same as XML, with what XML must escape', async () => {
    const fields = await json({ url: PETITION })
    const xml = await (await ask({ url: PETITION, format: 'xml' })).text()
    assert.match(xml, /^<\?xml version="1\.0" encoding="utf-8" standalone="yes"\?>\n<oembed>/)
    const read = Object.fromEntries(
      [...xml.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, text]) => [
        name,
        text!
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&amp;', '&'),
      ]),
    )
    const asText = Object.entries(fields).map(([name, value]) => [name, String(value)])
    assert.deepEqual(read, Object.fromEntries(asText))
  })

  it('credits the code of a short link, in the language that the link names', async () => {
    const { sharing } = harness.site
    const { code } = await sharing.createPartnerLink(await getDemo(harness), 'Herald', TESTER)
    for (const [path, query] of [
      [`/s/${code}`, 'lang=en&amp;kind=form&amp;theme=auto'],
      [`/az/s/${code}?source=blog`, 'lang=az&amp;kind=form&amp;theme=auto'],
      [`/s/${code}.`, 'lang=en&amp;kind=form&amp;theme=auto'],
    ]) {
      const { html } = await json({ url: `${SITE}${path}` })
      assert.ok(String(html).includes(`/embed/cop29-baku?${query}&amp;ref=${code}`), String(html))
      assert.match(String(html), new RegExp(`/p/cop29-baku\\?ref=${code}`))
    }
    assert.equal((await ask({ url: `${SITE}/s/zzzzzzzz` })).status, 404)
  })

  it('knows the petition’s address without a language, in the reader’s', async () => {
    const answer = await get(harness, `/oembed?url=${encodeURIComponent(`${SITE}/p/cop29-baku`)}`, {
      'accept-language': 'be',
    })
    assert.match(((await answer.json()) as { html: string }).html, /lang=be/)
    assert.match(answer.headers.get('vary')!, /accept-language/)
  })

  it('answers errors as the standard says, and as JSON', async () => {
    const answers: [Record<string, string>, number][] = [
      [{}, 400],
      [{ url: '' }, 400],
      [{ url: 'cop29-baku' }, 400],
      [{ url: 'javascript:alert(1)' }, 400],
      [{ url: PETITION, maxwidth: 'wide' }, 400],
      [{ url: PETITION, maxheight: '-5' }, 400],
      [{ url: 'https://elsewhere.example/en/p/cop29-baku' }, 404],
      [{ url: `${SITE}/en/p/nothing` }, 404],
      [{ url: `${SITE}/xx/p/cop29-baku` }, 404],
      [{ url: `${PETITION}/withdraw` }, 404],
      [{ url: `${SITE}@elsewhere.example/en/p/cop29-baku` }, 404],
      [{ url: PETITION, format: 'yaml' }, 501],
    ]
    for (const [query, status] of answers) {
      const answer = await ask(query)
      assert.equal(answer.status, status, JSON.stringify(query))
      const body = (await answer.json()) as { statusCode: number; message: string }
      assert.equal(body.statusCode, status)
      assert.doesNotMatch(body.message, /elsewhere|javascript|yaml/)
    }
    const twice = await get(harness, `/oembed?url=${PETITION}&url=${PETITION}`)
    assert.equal(twice.status, 400)
  })
})
