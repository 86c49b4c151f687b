import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { PATTERNS, POSTED } from '../fuzz/make-path.ts'
import { useHarness } from '../support/harness.ts'
import { sendRaw } from '../support/raw-http.ts'
import { form, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

/** What every object, function and list answers to, whatever its author put in. */
const NAMES = [
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
  'length',
  'name',
  'call',
  'map',
  'then',
  'toJSON',
]
const QUERIES = ['ref', 'source', 's', 'lang', 'by', 'kind', 'colours', 'url']
const FIELDS = [...Object.keys(form()), 'decision', 'opening', 'updates', 'textVersion', 'website']
const HEADERS = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Content-Type',
  'Cookie',
  'If-None-Match',
  'Origin',
  'Sec-Fetch-Site',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
]

describe('a name that every object answers to', () => {
  const harness = useHarness({ TRUST_PROXY: 'true' })
  let good: Map<string, string>
  before(async () => {
    const link = await signAndOpenMail(harness, { email: 'pending@example.org' })
    const thanks = await signAndConfirm(harness, { email: 'confirmed@example.org' })
    await harness.sequence()
    good = new Map([
      [':lang', 'en'],
      [':slug', 'cop29-baku'],
      [':version', '1'],
      [':token', link.split('/').at(-1)!],
      [':code', thanks.split('=').at(-1)!],
      [':asset', 'main.css'],
      [':tile', '0/000'],
      [':text', 'p'],
      [':sheet', 'garnet-light-x-x-x.css'],
    ])
    harness.logged.length = 0
  })

  const fill = (pattern: string, instead: [string, string] | null = null) =>
    pattern.replaceAll(/:[a-z]+/g, (part) => (part === instead?.[0] ? instead[1] : good.get(part)!))

  async function ask(method: string, path: string, lines: string[] = [], body = '') {
    const head = ['Connection: close', ...lines, `Content-Length: ${Buffer.byteLength(body)}`]
    const host = lines.some((line) => line.startsWith('Host:')) ? [] : ['Host: petitions.test']
    const text = [`${method} ${path} HTTP/1.1`, ...host, ...head].join('\r\n')
    const [answer] = await sendRaw(harness.origin, `${text}\r\n\r\n${body}`)
    const what = `${method} ${path} ${lines.join(' ')} ${body}`
    assert.ok(answer && answer.status < 500, `${answer?.status} for ${what}`)
    return answer
  }
  const post = (path: string, fields: Iterable<[string, string]>) =>
    ask(
      'POST',
      path,
      ['Content-Type: application/x-www-form-urlencoded'],
      new URLSearchParams([...fields]).toString(),
    )
  function assertNoAlarm() {
    const alarms = harness.logged.splice(0).filter((line) => JSON.parse(line).level >= 50)
    assert.deepEqual(alarms, [])
  }

  it('names no page, whatever part of the address it stands for', async () => {
    for (const pattern of PATTERNS.filter((path) => path !== '*')) {
      for (const part of new Set(pattern.match(/:[a-z]+/g))) {
        await forEachName(async (name) => {
          const path = fill(pattern, [part, name])
          // A version that is no number is refused by the API's schema; who sends too many forms, in any language; "name" is
          // a kind of what is reported, and this one is gone.
          const { status } = await ask('GET', path)
          assert.ok([400, 404, 410, 429].includes(status), `${status} for ${path}`)
        })
      }
    }
    assertNoAlarm()
  })

  it('does nothing as the name or the value of a query', async () => {
    for (const pattern of PATTERNS.filter((path) => path !== '*')) {
      await forEachName(async (name) => {
        const values = QUERIES.map((query) => `${query}=${name}`).join('&')
        await ask('GET', `${fill(pattern)}?${name}=1&${name}[${name}]=2&${name}&${values}`)
      })
    }
    const counts = '/api/v1/petitions/cop29-baku/counts'
    await forEachName(async (name) => {
      for (const file of ['', '.csv', '.xlsx']) {
        assert.equal((await ask('GET', `${counts}${file}?by=${name}`)).status, 400, name)
      }
      assert.equal((await ask('GET', `${counts}.${name}`)).status, 404, name)
      assert.equal((await ask('GET', `/api/v1/petitions?lang=${name}`)).status, 200, name)
    })
    assertNoAlarm()
  })

  it('does nothing as the name or the value of a field', async () => {
    for (const pattern of POSTED) {
      const path = fill(pattern)
      await forEachName(async (name) => {
        await post(path, [[name, '1'], [`${name}[${name}]`, '2'], ...Object.entries(form())])
        await post(path, [
          [name, '1'],
          [name, '2'],
        ])
        await post(
          path,
          FIELDS.map((field): [string, string] => [field, name]),
        )
        await post(path, Object.entries({ ...form(), decision: 'x', email: `${name}@${name}` }))
      })
    }
    assertNoAlarm()
  })

  it('does nothing within a value that is no text, nor does a deep or a long one', async () => {
    const deep = (open: string, close: string) => open.repeat(2500) + '1' + close.repeat(2500)
    const values = [
      '{"toString":1,"valueOf":1}',
      '{"toString":{},"valueOf":null,"length":3,"0":"x"}',
      '[{"toString":1,"valueOf":1}]',
      '[[{"toString":"x"}],null,true]',
      '{"toJSON":1,"then":1,"flat":1,"some":1}',
      `[${deep('[', ']')}]`,
      deep('{"a":', '}'),
      `[${'0,'.repeat(3000)}0]`,
      ...['null', 'true', '0', '1e999', '""', '" "', '[]', '{}', '["",[""]]'],
    ]
    for (const pattern of [...POSTED, '/:lang/p/:slug']) {
      for (const value of values) {
        const one = ['subject', 'name', 'decision'].map((field) => ({ [field]: 0 }))
        const all = Object.fromEntries(
          [...FIELDS, 'subject', 'address', 'asked'].map((f) => [f, 0]),
        )
        for (const fields of value.length > 200 ? one : [all, { ...form(), subject: 0 }]) {
          const body = JSON.stringify(fields).replaceAll(/:0/g, () => `:${value}`)
          await ask('POST', fill(pattern), ['Content-Type: application/json'], body)
        }
        await ask('POST', fill(pattern), ['Content-Type: application/json'], value)
      }
    }
    assertNoAlarm()
  })

  it('does nothing in a header', async () => {
    for (const path of [
      '/',
      '/p/cop29-baku',
      '/en/p/cop29-baku',
      '/api/v1/petitions',
      '/metrics',
    ]) {
      await forEachName(async (name) => {
        await ask(
          'GET',
          path,
          HEADERS.map((header) => `${header}: ${name}`),
        )
        await ask('GET', path, [`${name}: x`, `Cookie: ${name}=${name}`])
        await ask('GET', path, [`Host: ${name}`])
      })
    }
    await forEachName((name) =>
      ask('POST', '/en/p/cop29-baku/signatures', [`Content-Type: ${name}/${name}`], 'x'),
    )
    assertNoAlarm()
  })
})

const forEachName = (tell: (name: string) => Promise<unknown>) => Promise.all(NAMES.map(tell))
