import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { assertGuarded, sendRaw } from '../support/raw-http.ts'
import { confirm, form, signAndOpenMail } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

const NOT_A_LANGUAGE = ['', 'xx', 'EN', 'constructor', '__proto__', 'toString', '%20', '%00']

describe('odd requests', () => {
  const harness = useHarness()

  async function ask(path: string, head = 'Connection: close\r\n', method = 'GET', body = '') {
    const bytes = `${method} ${path} HTTP/1.1\r\nHost: petitions.test\r\n${head}\r\n${body}`
    return (await sendRaw(harness.origin, bytes))[0]
  }

  function post(path: string, fields: Record<string, string>) {
    const body = new URLSearchParams(fields).toString()
    const head = `Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n`
    return ask(path, head, 'POST', body)
  }

  const alarms = () => harness.logged.filter((line) => JSON.parse(line).level >= 50)

  it('in no language of the site are 404, whatever is below it', async () => {
    for (const language of NOT_A_LANGUAGE) {
      const pages = ['', '/verify', '/privacy', '/withdraw', '/thanks', '/check-your-email']
      const paths = [...pages, '/versions/1'].map((page) => `/${language}/p/${DEMO}${page}`)
      for (const path of [...paths, `/${language}/`, `/${language}/removed`]) {
        const answer = await ask(path)
        assert.equal(answer?.status, 404, path)
        assertGuarded(answer!.headers, path)
      }
    }
    assert.deepEqual(alarms(), [])
  })

  it('in no language of the site do nothing, and lead to no other host', async () => {
    const jobs = 'select count(*)::int as jobs from graphile_worker._private_jobs'
    const before = (await runSql(harness.databaseUrl, jobs)).rows
    const withdrawal = await post(`//p/${DEMO}/withdraw`, { email: 'leyla@example.org' })
    const trapped = await post(`//p/${DEMO}/signatures`, form({ website: 'x' }))
    for (const answer of [withdrawal, trapped]) {
      assert.equal(answer?.status, 404)
      assert.equal(answer?.headers.get('location'), undefined)
    }
    assert.deepEqual((await runSql(harness.databaseUrl, jobs)).rows, before)
  })

  it('for the text in a language named like a part of every object are 404', async () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
      const answer = await ask(`/api/v1/petitions/${DEMO}/texts/${name}/1`)
      assert.equal(answer?.status, 404, name)
    }
    assert.equal((await ask(`/api/v1/petitions/${DEMO}/texts/en/1`))?.status, 200)
  })

  it('for a version that was never published, or is written otherwise, are 404', async () => {
    assert.equal((await ask(`/en/p/${DEMO}/versions/1`))?.status, 200)
    for (const version of ['0', '%20', '-1', '1.0', '01', '+1', '1e0', '0x1', '2', 'constructor']) {
      assert.equal((await ask(`/en/p/${DEMO}/versions/${version}`))?.status, 404, version)
    }
  })

  it('that no route is asked about are refused with the same headers as every page', async () => {
    const host = 'Host: petitions.test\r\n'
    const long = 'x'.repeat(20_000)
    for (const [status, bytes] of [
      [400, `GET /en/%zz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
      [400, `GET /api/%zz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
      [400, 'GET /en/ HTTP/1.1\r\nConnection: close\r\n\r\n'],
      [400, 'this is no request\r\n\r\n'],
      [400, `GET /en/ HTTP/1.1\r\n${host}Bad Header: x\r\n\r\n`],
      [400, `POST /en/ HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`],
      [
        400,
        `POST /en/p/${DEMO}/signatures HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nzz`,
      ],
      [400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      [404, `M-SEARCH * HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
      [405, `CONNECT petitions.test:443 HTTP/1.1\r\n${host}\r\n`],
      [414, `GET /en/confirm/${'x'.repeat(300)} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
      [417, `GET /en/ HTTP/1.1\r\n${host}Expect: the moon\r\nConnection: close\r\n\r\n`],
      [431, `GET /en/ HTTP/1.1\r\n${host}X-Long: ${long}\r\n\r\n`],
      [431, `GET /${long} HTTP/1.1\r\n${host}\r\n`],
    ] as const) {
      const what = bytes.slice(0, 60)
      const [answer] = await sendRaw(harness.origin, bytes)
      assert.equal(answer?.status, status, what)
      assertGuarded(answer!.headers, what)
      assert.ok(answer!.headers.get('content-type'), what)
      assert.match(answer!.headers.get('connection')!, /close/, what)
      assert.doesNotMatch(answer!.body.toString(), /\.[jt]s:|node_modules|HPE_|FST_/, what)
    }
    assert.deepEqual(alarms(), [])
  })

  it('for links that open something leave no code, token or address in the log', async () => {
    const link = await signAndOpenMail(harness, { email: 'oddly@example.org' })
    const token = link.split('/').at(-1)!
    const thanks = (await confirm(harness, link)).headers.get('location')!
    const code = new URL(thanks, harness.origin).searchParams.get('s')!
    harness.logged.length = 0
    for (const secret of [token, code, 'oddly@example.org']) {
      const twice = [...secret].map((c) => `%25${c.charCodeAt(0).toString(16)}`).join('')
      const once = twice.replaceAll('%25', '%')
      for (const spelt of [
        secret,
        once,
        twice,
        secret.toLowerCase(),
        `%2F${secret}`,
        `${secret}%zz`,
      ])
        for (const path of [
          `/s/${spelt}`,
          `//s//${spelt}`,
          `/S/${spelt}`,
          `/%73/${spelt}`,
          `/s%2F${spelt}`,
          `/s/${spelt}/more`,
          `/en/confirm/${spelt}`,
          `/en//confirm/${spelt}`,
          `/EN/Confirm/${spelt}`,
          `/en/p/${DEMO}/${spelt}`,
          `/en/p/${DEMO}/thanks%3Fs=${spelt}`,
          `/en/p/${spelt}`,
          `/log/tile/${spelt}`,
          `/api/v1/petitions/${spelt}`,
          `/${spelt}`,
          `http://petitions.test/s/${spelt}`,
          `/\\s\\${spelt}`,
          `/${'x'.repeat(200)}${spelt}`,
        ]) {
          await ask(path)
          await ask(path, 'Connection: close\r\nSec-Fetch-Site: cross-site\r\n', 'POST')
        }
    }
    assert.ok(harness.logged.length > 300)
    const lines = harness.logged.join('').toLowerCase()
    for (const secret of [token, code, 'oddly@example.org']) {
      const hex = Buffer.from(secret).toString('hex')
      for (const trace of [secret.slice(0, 12).toLowerCase(), hex.slice(0, 12), 'oddly']) {
        assert.ok(!lines.includes(trace), `${trace} stands in the log`)
      }
    }
    assert.deepEqual(alarms(), [])
  })
})
