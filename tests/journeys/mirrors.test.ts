import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { type Harness, useHarness } from '../support/harness.ts'
import { counted, form } from '../support/signer.ts'

const ONION = `http://${'petition'.repeat(7)}.onion`
const SECOND = 'https://undersigned.example'
const PAGE = `/en/p/${DEMO}`
const MAIN = 'http://petitions.test'

describe('a site with mirrors', () => {
  const harness = useHarness({ MIRRORS: `${SECOND}, ${ONION}` })
  const read = async (path: string, origin: string) => {
    const { status, text } = await ask(harness, origin, path)
    assert.equal(status, 200, path)
    return text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
  }
  const mailTo = (address: string) =>
    harness.mail.mails.findLast(({ recipient }) => recipient === address)!.text!
  const ownHostsIn = (text: string) =>
    [...text.matchAll(/https?(?::\/\/|%3A%2F%2F)([a-z0-9.]+)/g)]
      .map(([, host]) => host!)
      .filter((host) => /onion|undersigned\.example|petitions\.test/.test(host))

  for (const mirror of [SECOND, ONION]) {
    const { host } = new URL(mirror)
    const name = host.slice(-20)

    it(`has pages whose links keep the reader there: ${name}`, async () => {
      for (const path of [PAGE, `${PAGE}/thanks`, `${PAGE}/updates`, '/en/']) {
        const html = await read(path, mirror)
        const hosts = ownHostsIn(html.slice(html.indexOf('<body')))
        assert.deepEqual(
          [...new Set(hosts)].filter((each) => each !== host),
          [],
          path,
        )
      }
      const html = await read(PAGE, mirror)
      assert.match(html, new RegExp(`<link rel="canonical" href="${MAIN}${PAGE}">`))
      assert.ok(html.includes(`<meta property="og:image" content="${mirror}/p/${DEMO}/card.png`))
      const api = JSON.parse(await read(`/api/v1/petitions/${DEMO}`, mirror))
      assert.ok(api.urls.page.startsWith(mirror))
    })

    it(`mails the link of where the form was signed: ${name}`, async () => {
      const email = `${mirror === ONION ? 'onion' : 'second'}@example.org`
      const fields = form({ email })
      const sent = await ask(harness, mirror, `${PAGE}/signatures`, fields, { origin: mirror })
      assert.equal(sent.status, 303, sent.text)
      await harness.work()
      const mail = mailTo(email)
      assert.deepEqual([...new Set(ownHostsIn(mail))], [host])
      const path = new URL(/https?:\/\/\S+\/confirm\/\S+/.exec(mail)![0]).pathname
      const before = await counted(harness)
      assert.equal((await ask(harness, mirror, path, { decision: 'confirm' })).status, 303)
      await harness.tally()
      assert.equal(await counted(harness), before + 1, 'one count for all')
      await ask(harness, mirror, `${PAGE}/withdraw`, { email })
      await harness.makeJobsDue()
      await harness.work()
      assert.match(mailTo(email), /\/withdraw\//)
      assert.deepEqual([...new Set(ownHostsIn(mailTo(email)))], [host])
    })

    it(`refuses other sites’ forms there, too: ${name}`, async () => {
      const fields = form({ email: 'x@example.org' })
      const headers = { origin: 'https://evil.example' }
      const answer = await ask(harness, mirror, `${PAGE}/signatures`, fields, headers)
      assert.equal(answer.status, 403)
      assert.ok(answer.text.includes(mirror), 'and leads to its own page')
    })
  }

  it('tells Tor Browser of the onion service, but not on it', async () => {
    const told = new RegExp(`<meta http-equiv="onion-location" content="${ONION}${PAGE}">`)
    assert.match(await read(PAGE, MAIN), told)
    assert.match(await read(PAGE, SECOND), told)
    assert.doesNotMatch(await read(PAGE, ONION), /onion-location/)
  })

  it('credits who led a reader to the onion service, and repeats nothing else of the address', async () => {
    for (const path of [PAGE, `${PAGE}/updates`]) {
      for (const [query, kept] of [
        ['?ref=xbh7u85a&source=telegram', '?ref=xbh7u85a&source=telegram'],
        ['?utm_source=chatgpt.com&fbclid=x', '?source=chatgpt-com'],
        ['?ref=%22%3E&evil=x', ''],
      ]) {
        const html = await read(`${path}${query}`, MAIN)
        const [, onion] = /<meta http-equiv="onion-location" content="([^"]+)">/.exec(html)!
        assert.equal(onion, `${ONION}${path}${kept}`)
        assert.ok(html.includes(`href="${path.replace('/en/', '/ru/')}${kept}"`), 'as other links')
      }
    }
  })

  it('knows them in every spelling of a host', async () => {
    for (const [origin, spelt] of [
      [ONION, `${new URL(ONION).host.toUpperCase()}`],
      [ONION, `${new URL(ONION).host}.`],
      [ONION, `${new URL(ONION).host}:80`],
      [SECOND, `${new URL(SECOND).host}.:443`],
    ] as const) {
      const { text } = await ask(harness, origin, PAGE, undefined, { host: spelt })
      const body = text.slice(text.indexOf('<body')).replaceAll('&#x3D;', '=')
      assert.deepEqual([...new Set(ownHostsIn(body))], [new URL(origin).host], spelt)
    }
  })

  it('answers any other name as PUBLIC_URL', async () => {
    for (const host of ['evil.example', `${new URL(SECOND).host}.evil.example`, 'x']) {
      const html = (await read(PAGE, `http://${host}`)).replace(/<meta http-equiv="onion[^>]+>/, '')
      assert.deepEqual([...new Set(ownHostsIn(html))], ['petitions.test'])
    }
  })

  it('keeps nowhere in readable form at which mirror somebody signed', async () => {
    const email = 'unconfirmed@example.org'
    await ask(harness, ONION, `${PAGE}/signatures`, form({ email }), { origin: ONION })
    const { rows } = await harness.connection.pool.query('select s::text from submission s')
    assert.ok(rows.length > 0)
    assert.doesNotMatch(JSON.stringify(rows), /onion/)
    assert.doesNotMatch(harness.logged.join('\n'), /\.onion/)
  })
})

/** As a browser that knows the site by this name; `fetch` sends no other Host than its address's. */
function ask(
  harness: Harness,
  origin: string,
  path: string,
  fields?: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve, reject) => {
    const options = {
      method: fields ? 'POST' : 'GET',
      headers: { host: new URL(origin).host, ...(fields && type), ...headers },
    }
    request(`${harness.origin}${path}`, options, async (answer) => {
      resolve({ status: answer.statusCode!, text: await text(answer) })
    })
      .on('error', reject)
      .end(fields && new URLSearchParams(fields).toString())
  })
}
