import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { until } from '../support/until.ts'

const harness = await startHarness()
after(() => harness.close())

interface Described {
  openapi: string
  servers: unknown
  paths: Record<string, { get: Operation }>
}

interface Operation {
  operationId: string
  parameters?: { name: string; in: string; required?: boolean; example?: string | number }[]
  responses: Record<string, { content: Record<string, { example?: unknown }> }>
}

/** Their answers are bytes, of which a description can hold none. */
const BINARY = /^(?:image\/png|application\/(?:pdf|octet-stream|vnd\.))/

test('the description lists what programs ask, and no page of the site', async () => {
  const described = (await (await get(harness, '/api/v1/openapi.json')).json()) as Described
  assert.equal(described.openapi, '3.1.0')
  assert.deepEqual(described.servers, [{ url: 'http://petitions.test' }])
  const petition = '/api/v1/petitions/{slug}'
  assert.deepEqual(Object.keys(described.paths).sort(), [
    '/api/osdi/v1',
    '/api/osdi/v1/petitions',
    '/api/osdi/v1/petitions/{slug}',
    '/api/v1/petitions',
    petition,
    `${petition}/counts`,
    `${petition}/counts.csv`,
    `${petition}/counts.xlsx`,
    `${petition}/recipients`,
    `${petition}/targets`,
    `${petition}/texts/{language}/{version}`,
    '/challenge',
    '/log/checkpoint',
    '/log/tile/{level}/{tile}',
    '/log/vkey',
    '/oembed',
    '/p/{slug}/badge.svg',
    '/p/{slug}/card-square.png',
    '/p/{slug}/card-story.png',
    '/p/{slug}/card.png',
    '/p/{slug}/feed.xml',
    '/p/{slug}/qr.png',
    '/p/{slug}/qr.svg',
    '/{language}/p/{slug}/poster.pdf',
    '/{language}/p/{slug}/tear-off.pdf',
  ])
  const media = (path: string) => Object.keys(described.paths[path]!.get.responses['200']!.content)
  assert.deepEqual(media(`${petition}/counts.csv`), ['text/csv'])
  assert.deepEqual(media(petition), ['application/json'])
})

test('every example of the description is what is answered', async () => {
  await signAndConfirm(harness, { email: 'reader@example.org' })
  await harness.sequence()
  const described = (await (await get(harness, '/api/v1/openapi.json')).json()) as Described
  for (const [path, { get: operation }] of Object.entries(described.paths)) {
    const { parameters = [], responses } = operation
    const asked = (place: string) =>
      parameters.filter((each) => each.in === place && each.example !== undefined)
    const filled = asked('path').reduce(
      (all, { name, example }) => all.replace(`{${name}}`, encodeURIComponent(String(example))),
      path,
    )
    assert.doesNotMatch(filled, /[{}]/, path)
    for (const { name } of parameters.filter(({ required }) => required))
      assert.ok(
        parameters.find((each) => each.name === name)!.example !== undefined,
        `${path} ${name}`,
      )
    const query = new URLSearchParams(
      asked('query').map(({ name, example }): [string, string] => [name, String(example)]),
    )
    // A poster that is not written in time is asked for again.
    const answer = await until(async () => {
      const one = await get(harness, `${filled}?${query}`)
      return one.status !== 503 && one
    })
    assert.equal(answer.status, 200, path)
    const [type, { example }] = Object.entries(responses['200']!.content)[0]!
    assert.ok(answer.headers.get('content-type')!.startsWith(type), path)
    if (BINARY.test(type)) {
      assert.equal(example, undefined, path)
      assert.ok((await answer.arrayBuffer()).byteLength > 0, path)
    } else {
      const given: unknown = /json$/.test(type) ? await answer.json() : await answer.text()
      assert.deepEqual(example, given, path)
    }
  }
})

test('every example on the docs page can be followed', async () => {
  const described = (await (await get(harness, '/api/v1/openapi.json')).json()) as Described
  const answer = await get(harness, '/api/docs')
  assert.equal(answer.status, 200)
  const html = await answer.text()
  const examples = [...html.matchAll(/For example <a href="http:\/\/petitions\.test(\/[^"]*)"/g)]
  assert.equal(examples.length, Object.keys(described.paths).length, 'each operation has one')
  for (const [, path] of examples) {
    const followed = await until(async () => {
      const one = await get(harness, path!.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'))
      return one.status !== 503 && one
    })
    assert.equal(followed.status, 200, path)
    await followed.arrayBuffer()
  }
})

test('every parameter is described, in the description and on the page', async () => {
  const described = (await (await get(harness, '/api/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, { parameters?: { name: string; description?: string }[] }>>
  }
  const parameters = Object.values(described.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ parameters = [] }) => parameters),
  )
  assert.ok(parameters.some(({ name }) => name === 'version'))
  for (const { name, description = '' } of parameters) {
    assert.match(description, /\p{L}{2}/u, name)
    assert.doesNotMatch(description, /\.$/, `the page ends the sentence of ${name}`)
  }
  const html = await (await get(harness, '/api/docs')).text()
  const texts = [...html.matchAll(/<dd>([\s\S]*?)<\/dd>/g)].map(([, text]) => text!.trim())
  assert.equal(texts.length, parameters.length)
  for (const text of texts) assert.match(text, /^[\p{L}\d].*\.$/su)
})

test('the docs page loads nothing from elsewhere', async () => {
  const html = await (await get(harness, '/api/docs')).text()
  const loaded = [...html.matchAll(/<(?:link|script|img)[^>]* (?:href|src)="([^"]*)"/g)]
    .map(([, address]) => address!)
    .filter((address) => !address.startsWith('/') && !address.startsWith('http://petitions.test/'))
  assert.deepEqual(loaded, [])
})
