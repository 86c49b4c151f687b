import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { useHarness } from '../support/harness.ts'
import { form, get, post, sign } from '../support/signer.ts'

const SIGN = '/en/p/cop29-baku/signatures'

/** What attackers and broken clients send, whatever the field. */
const hostile = [
  '\u0000',
  'a\u0000b',
  'line\r\nBcc: everyone@example.org',
  '\u202egnp.exe',
  '\u2066isolate',
  '\ufffd',
  '\u{e0041}tag',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; drop table signature; --",
  '{{constructor.constructor("return process")()}}',
  '${7*7}',
  '=HYPERLINK("http://evil.example")',
  '../../etc/passwd',
  '__proto__',
  'x'.repeat(3000),
  '😀'.repeat(600),
  'ﷺ'.repeat(400),
]

describe('hostile input', () => {
  const harness = useHarness()

  const fields = [
    'name',
    'email',
    'country',
    'postcode',
    'comment',
    'display',
    'updates',
    'consent',
  ]
  for (const field of [...fields, 'ref', 'source', 'textVersion', 'unknown']) {
    it(`in ${field} is a clear 422 or harmless, never a 500, and is never run`, async () => {
      for (const [index, value] of hostile.entries()) {
        const email = `hostile-${field}-${index}@example.org`
        const answer = await sign(harness, { email, [field]: value })
        assert.ok(
          [303, 422].includes(answer.status),
          `${answer.status} for ${JSON.stringify(value)}`,
        )
        const html = await answer.text()
        assert.doesNotMatch(html, /<script>alert|<img src=x|onerror=alert\(1\)>/)
        if (answer.status === 422) assert.match(html, /data-error-summary/)
      }
    })
  }

  it('what came back in a 422 is what was typed, escaped', async () => {
    const answer = await sign(harness, { name: '"><b>Leyla</b>', email: 'wrong' })
    assert.equal(answer.status, 422)
    assert.match(await answer.text(), /value="&quot;&gt;&lt;b&gt;Leyla&lt;\/b&gt;"/)
  })

  it('a header can’t be injected through an address', async () => {
    for (const email of [
      'a@example.org\r\nBcc: b@example.org',
      'a@example.org, b@example.org',
      '<a@example.org>',
      '"a" <a@example.org>',
      'a@example.org;b@example.org',
    ]) {
      assert.equal((await sign(harness, { email })).status, 422, email)
    }
  })

  it('a name that looks like mark-up or a formula stays a name', async () => {
    const name = '=cmd|calc <b>'
    const answer = await sign(harness, { name, email: 'formula@example.org', display: 'name' })
    assert.equal(answer.status, 303)
  })

  it('fields sent twice, in brackets, or not at all are no crash', async () => {
    const doubled = new URLSearchParams(form({ email: 'doubled@example.org' }))
    doubled.append('name', 'Second')
    doubled.append('name[first]', 'x')
    doubled.append('__proto__', 'x')
    const answer = await fetch(`${harness.origin}${SIGN}`, {
      method: 'POST',
      redirect: 'manual',
      body: doubled,
    })
    assert.equal(answer.status, 303)
    assert.equal((await post(harness, SIGN, {})).status, 422)
  })

  it('a body of another kind, malformed or too large is refused', async () => {
    const send = (body: string, type: string) =>
      fetch(`${harness.origin}${SIGN}`, { method: 'POST', body, headers: { 'content-type': type } })
    assert.equal((await send('{"name":', 'application/json')).status, 400)
    assert.equal((await send('<x/>', 'text/xml')).status, 415)
    const large = new URLSearchParams({ comment: 'x'.repeat(20_000) }).toString()
    assert.equal((await send(large, 'application/x-www-form-urlencoded')).status, 413)
    const broken = await send('name=%E0%A4%A&email=%', 'application/x-www-form-urlencoded')
    assert.ok([400, 422].includes(broken.status), String(broken.status))
  })

  it('odd addresses get a page that helps, never a stack trace', async () => {
    for (const path of [
      '/en/p/nope',
      '/xx/p/cop29-baku',
      '/en/p/cop29-baku/versions/0',
      '/en/p/cop29-baku/versions/1e99',
      '/en/p/%00',
      '/en/p/%E0%A4%A',
      '/en/confirm/%2e%2e%2f',
      `/en/confirm/${'a'.repeat(190)}`,
      '/s/%3Cscript%3E',
      '/s/aaaaaaaaaaaaaaaa',
      '/en/p/cop29-baku/thanks?s[]=1',
      '/en/p/cop29-baku?ref=%00&source=%0a',
      '/p/constructor',
      '//evil.example/',
    ]) {
      const answer = await get(harness, path)
      assert.ok(answer.status < 500, `${answer.status} at ${path}`)
      const html = await answer.text()
      assert.doesNotMatch(html, /\.ts:|node_modules|at async/, path)
      assert.doesNotMatch(answer.headers.get('location') ?? '', /evil/)
    }
  })
})
