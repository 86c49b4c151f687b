import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startHarness, useHarness } from '../support/harness.ts'
import { sendRaw } from '../support/raw-http.ts'
import { form, get, post, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

const PETITION = '/en/p/cop29-baku'

describe('the web’s safety', () => {
  const harness = useHarness()

  it('no page sets a cookie or lets anything be loaded from elsewhere', async () => {
    const thanks = await signAndConfirm(harness, { email: 'pages@example.org' })
    const link = await signAndOpenMail(harness, { email: 'link@example.org' })
    for (const path of ['/', '/en/', PETITION, `${PETITION}/withdraw`, thanks, link, '/nowhere']) {
      const answer = await get(harness, path)
      assert.equal(answer.headers.get('set-cookie'), null, path)
      const policy = answer.headers.get('content-security-policy')!
      assert.match(policy, /default-src 'none'/)
      assert.doesNotMatch(policy, /unsafe|\*|https?:|object-src/)
      assert.match(policy, /base-uri 'none'/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.equal(answer.headers.get('referrer-policy'), 'same-origin')
      assert.ok(answer.headers.get('x-request-id'))
      const html = await answer.text()
      assert.doesNotMatch(
        html,
        / style="|<style|<script(?! type="application\/ld\+json">)(?![^>]* src="\/assets\/)/,
        path,
      )
      const loaded = [
        ...html.matchAll(/<(?:script|link rel="stylesheet"|img)[^>]*(?:src|href)="([^"]+)"/g),
      ]
      for (const [, url] of loaded) assert.match(url!, /^\/(?:assets|p|pictures)\//)
    }
  })

  it('a post from another site is refused, by Sec-Fetch-Site and by Origin', async () => {
    const path = `${PETITION}/signatures`
    const fields = form({ email: 'forged@example.org' })
    const own = 'http://petitions.test'
    for (const [headers, status] of [
      [{ 'sec-fetch-site': 'cross-site' }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      [{ 'sec-fetch-site': 'same-origin' }, 303],
      [{ 'sec-fetch-site': 'none' }, 303],
      [{ origin: 'https://evil.example' }, 403],
      [{ origin: 'null' }, 403],
      [{ origin: own }, 303],
      [{ 'sec-fetch-site': 'cross-site', origin: own }, 403],
      [{}, 303],
    ] as const) {
      assert.equal(
        (await post(harness, path, fields, headers)).status,
        status,
        JSON.stringify(headers),
      )
    }
    const link = await signAndOpenMail(harness, { email: 'victim@example.org' })
    const forged = await post(
      harness,
      link,
      { decision: 'confirm' },
      { 'sec-fetch-site': 'cross-site' },
    )
    assert.equal(forged.status, 403)
    const lines = harness.logged.map((line) => JSON.parse(line))
    const refused = lines.filter(({ res }) => res?.statusCode === 403)
    assert.equal(refused.length, 6)
    assert.deepEqual(refused.at(-1).req, { method: 'POST', route: '/:lang/confirm/:token' })
  })

  it('the petition’s page is the same for everyone and cacheable', async () => {
    const one = await get(harness, PETITION, { 'user-agent': 'a', 'accept-language': 'az' })
    const two = await get(harness, PETITION, { 'user-agent': 'b', 'accept-language': 'ru' })
    assert.equal(await one.text(), await two.text())
    assert.match(
      one.headers.get('cache-control')!,
      /^public, max-age=1, stale-while-revalidate=1, stale-if-error=\d+$/,
    )
    assert.equal(one.headers.get('vary'), 'accept-encoding')
    const etag = one.headers.get('etag')!
    const again = await get(harness, PETITION, { 'if-none-match': etag })
    assert.equal(again.status, 304)
    assert.equal(await again.text(), '')
    await signAndConfirm(harness, { email: 'changes@example.org' })
    assert.equal((await get(harness, PETITION, { 'if-none-match': etag })).status, 200)
  })

  it('pages made for one link are kept by nobody', async () => {
    const thanks = await signAndConfirm(harness, { email: 'private@example.org' })
    assert.equal((await get(harness, thanks)).headers.get('cache-control'), 'private, no-store')
  })

  it('the language is negotiated where the address has none, and the query is kept', async () => {
    const answer = await get(harness, '/p/cop29-baku?ref=abcdefgh&source=mail', {
      'accept-language': 'fr, be;q=0.8, en;q=0.5',
    })
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.get('location'), '/be/p/cop29-baku?ref=abcdefgh&source=mail')
    assert.equal(answer.headers.get('vary'), 'accept-language')
  })

  it('assets are kept for good, under names that change with them', async () => {
    const html = await (await get(harness, PETITION)).text()
    const css = /href="(\/assets\/[^"]+\.css)"/.exec(html)![1]!
    const answer = await get(harness, css)
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('cache-control')!, /immutable/)
  })

  it('every text says which characters it is written in', async () => {
    const html = await (await get(harness, PETITION)).text()
    const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, url]) => url!)
    assert.ok(assets.length > 1)
    const files = [
      '/robots.txt',
      '/sitemap.xml',
      '/log/checkpoint',
      '/ads.txt',
      '/healthz',
      '/readyz',
    ]
    const api = ['', '/cop29-baku', '/cop29-baku/counts', '/cop29-baku/counts.csv', '/nothing']
    const paths = api.map((path) => `/api/v1/petitions${path}`)
    await harness.sequence()
    for (const path of ['/en/', PETITION, '/nowhere', ...assets, ...files, ...paths]) {
      const { headers } = await get(harness, path)
      const type = headers.get('content-type')!
      assert.match(type, /; charset=utf-8$|^image\/(?!svg)|^font\//, `${path} is ${type}`)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    }
    const sheet = await get(harness, '/api/v1/petitions/cop29-baku/counts.xlsx')
    assert.match(sheet.headers.get('content-type')!, /^application\/vnd\./)
  })

  it('no folder is listed, no file outside of the assets is served, and TRACE is unknown', async () => {
    for (const path of [
      '/assets',
      '/assets/',
      '/assets/../package.json',
      '/assets/%2e%2e/package.json',
      '/assets/..%2fpackage.json',
      '/assets/%2e%2e%5cpackage.json',
      '/.git/config',
      '/package.json',
      '/.env',
    ]) {
      const bytes = `GET ${path} HTTP/1.1\r\nHost: petitions.test\r\nConnection: close\r\n\r\n`
      const [answer] = await sendRaw(harness.origin, bytes)
      assert.ok([400, 403, 404].includes(answer!.status), `${answer!.status} for ${path}`)
      assert.doesNotMatch(answer!.body.toString(), /"dependencies"|index of/i, path)
    }
    const secret = 'X-Secret: of-the-proxy\r\n'
    const trace = `TRACE / HTTP/1.1\r\nHost: petitions.test\r\n${secret}Connection: close\r\n\r\n`
    const [traced] = await sendRaw(harness.origin, trace)
    assert.ok(traced!.status >= 400, String(traced!.status))
    assert.doesNotMatch(traced!.body.toString(), /of-the-proxy/)
  })

  it('readers over HTTPS are told to stay there', async () => {
    const secure = await startHarness({ PUBLIC_URL: 'https://petitions.test' })
    try {
      const answer = await get(secure, PETITION)
      assert.match(answer.headers.get('strict-transport-security')!, /max-age=31536000/)
    } finally {
      await secure.close()
    }
    assert.equal((await get(harness, PETITION)).headers.get('strict-transport-security'), null)
  })
})
