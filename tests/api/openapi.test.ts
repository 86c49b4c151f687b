import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Compile, type Validator } from 'typebox/schema'
import { createProofs } from '../../src/defence/proof-of-work.ts'
import { DAY } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { startHarness, useHarness } from '../support/harness.ts'
import { signAndConfirm } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
interface Answer {
  description: string
  headers?: Record<string, { schema: { type: string } }>
  content?: Record<string, { schema: Json }>
}
interface Operation {
  operationId: string
  summary: string
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[]
  responses: Record<string, Answer>
}
interface Described {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
}

/** Longer than the web holds the newest checkpoint. */
const CHECKPOINT_HELD_MS = 1000
/** Longer than any name may be. */
const LONG = 'x'.repeat(300)
const VALUES = new Map([
  ['slug', DEMO],
  ['language', 'az'],
  ['version', '1'],
  ['level', 'entries'],
  ['tile', '000.p/1'],
  ['url', `http://petitions.test/en/p/${DEMO}`],
])

describe('the description of the API', () => {
  const harness = useHarness()
  let described: Described
  /** Statuses that each operation was seen to have. */
  const seen = new Map<string, Set<string>>()
  const validators = new Map<Json, Validator>()
  before(async () => {
    described = (await (await fetch(`${harness.origin}/api/v1/openapi.json`)).json()) as Described
  })

  const operations = () =>
    Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
  const fill = (path: string, values: ReadonlyMap<string, string> = VALUES) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? VALUES.get(name)!) +
    queryOf(path)
  /** What an operation can't do without. */
  function queryOf(path: string): string {
    const { parameters = [] } = described.paths[path]!.get!
    const needed = parameters.filter((each) => each.in === 'query' && each.required)
    const pairs = needed.map(({ name }) => `${name}=${encodeURIComponent(VALUES.get(name)!)}`)
    return pairs.length > 0 ? `?${pairs.join('&')}` : ''
  }
  /** Those that read something of the database. */
  const reading = () => operations().filter(({ operation }) => '503' in operation.responses)

  /** Asks and holds the answer to what is described. */
  async function check(
    path: string,
    url: string,
    headers: Record<string, string> = {},
    { origin } = harness,
  ) {
    const { operation } = operations().find((each) => each.path === path)!
    const answer = await fetch(`${origin}${url}`, { headers })
    const what = `${answer.status} of ${url}`
    const status = String(answer.status)
    const known = operation.responses[status]
    assert.ok(known, `${what} is not described`)
    seen.set(path, (seen.get(path) ?? new Set()).add(status))
    for (const name of Object.keys(known.headers ?? {})) {
      assert.ok(answer.headers.has(name), `${what} has no ${name}`)
    }
    if (!known.content) {
      assert.equal(await answer.text(), '', what)
      return answer
    }
    const [mediaType] = (answer.headers.get('content-type') ?? '').split(';')
    const { schema } = known.content[mediaType!] ?? assert.fail(`${mediaType}: ${what}`)
    const body = /[/+]json$/.test(mediaType!) ? await answer.json() : await answer.text()
    const validator = validators.get(schema) ?? Compile(closed(schema) as object)
    validators.set(schema, validator)
    const [, errors] = validator.Errors(body)
    assert.deepEqual(errors, [], what)
    return answer
  }

  async function checkEverything() {
    for (const { path, operation } of operations()) {
      const url = fill(path)
      const and = url.includes('?') ? '&' : '?'
      const etag = (await check(path, url)).headers.get('etag')
      if (etag) {
        // A card that was not drawn in time was another one.
        const again = await check(path, url, { 'if-none-match': etag })
        assert.ok(again.status === 304 || again.headers.get('etag') !== etag, url)
      }
      for (const { name, in: place, schema } of operation.parameters ?? []) {
        if (place === 'query') {
          const values = (schema as { enum?: string[] }).enum ?? ['en', 'ru', 'xx', '']
          for (const value of values) await check(path, `${url}${and}${name}=${value}`)
          for (const wrong of [LONG, '%00', `${name}&${name}=2`]) {
            await check(path, `${url}${and}${name}=${wrong}`)
          }
        } else {
          for (const wrong of ['nothing', '%zz', LONG, '0', '-1', '%20', 'constructor', '1.5']) {
            await check(path, fill(path, new Map([[name, wrong]])))
          }
        }
      }
    }
  }

  it('is OpenAPI 3.1 that says of each operation what it takes and gives', () => {
    assert.match(described.openapi, /^3\.1\./)
    const ids = operations().map(({ operation }) => operation.operationId)
    assert.equal(new Set(ids).size, ids.length)
    for (const { path, method, operation } of operations()) {
      assert.equal(method, 'get')
      assert.ok(operation.summary, path)
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const parameters = operation.parameters ?? []
      const inPath = parameters.filter((parameter) => parameter.in === 'path')
      assert.deepEqual(inPath.map(({ name }) => name).sort(), named.sort(), path)
      assert.ok(inPath.every(({ required }) => required))
      for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
        assert.notEqual(description, 'Default Response', `${status} of ${path}`)
        for (const { schema } of Object.values(content)) Compile(schema as object)
      }
    }
  })

  it('holds of every answer before the first signature', checkEverything)

  it('holds while people sign, and once there is a log', async () => {
    for (const [index, country] of ['AZ', 'AZ', 'AZ', 'AZ', 'AZ', 'DE'].entries()) {
      await signAndConfirm(harness, { email: `signer${index}@example.org`, country })
    }
    await harness.sequence()
    await askSome()
    await checkEverything()
  })

  /** One has answered, and was corrected; one is silent; one has a name and is not asked. */
  async function askSome() {
    const { targets } = harness.site
    const petition = await getDemo(harness)
    const inAll = (text: string) =>
      Object.fromEntries(petition.settings.languages.map((language) => [language, text]))
    const given = [
      { id: 'de', country: 'DE', office: 'government' as const, contact: 'post@example.org' },
      { id: 'us', country: 'US', office: 'head-of-state' as const },
      { id: 'eu', country: 'BE', name: inAll('Somebody'), asked: inAll('To raise it') },
    ]
    await targets.import(petition, given, TESTER)
    for (const word of ['de', 'us']) await targets.ask(petition, { word, on: '2024-01-01' }, TESTER)
    const answer = { stance: 'other' as const, on: '2024-02-01', texts: inAll('No.'), source: null }
    const corrects = await targets.answer(petition, { word: 'de', answer }, TESTER)
    const mended = { ...answer, stance: 'refuses' as const, source: 'https://example.org/no' }
    await targets.answer(petition, { word: 'de', answer: mended, corrects }, TESTER)
    await targets.mistake(petition, { word: 'us', corrects: corrects - 1 }, TESTER)
  }

  it('holds of a petition that is yet to open, that waits for keys, and that is over', async () => {
    const set = (change: string) => runSql(harness.databaseUrl, `update petition set ${change}`)
    await set(`opens_at = now() + interval '100 years'`)
    await checkEverything()
    await set(`opens_at = '2000-01-01', settings = settings - 'recipients'`)
    await checkEverything()
    harness.clock.move(1000 * DAY)
    await checkEverything()
    await set('tag_key = null, closes_at = null, closed_at = now()')
    await checkEverything()
  })

  it('holds of a petition that is paused, hidden, delivered, answered, and deleted', async () => {
    const set = (change: string) => runSql(harness.databaseUrl, `update petition set ${change}`)
    const pause = { reason: 'text', words: {}, since: '2024-03-01T09:30:00Z' }
    await set(`pause = '${JSON.stringify(pause)}', hidden_at = now()`)
    for (const { path } of operations()) await check(path, fill(path))
    const delivery = { on: '2024-03-01', to: { en: 'A council' }, answered: null }
    await set(`pause = null, hidden_at = null, delivery = '${JSON.stringify(delivery)}'`)
    await checkEverything()
    const answered = {
      ...delivery,
      picture: { source: '00', alt: { en: 'A box' } },
      answered: { on: '2024-03-01', url: 'https://council.example/' },
    }
    await set(`delivery = '${JSON.stringify(answered)}'`)
    await checkEverything()
    await runSql(
      harness.databaseUrl,
      `insert into deleted_petition select slug, now(), '{}' from petition;
       update petition set published_at = null`,
    )
    for (const { path } of operations().filter(({ path }) => path.includes('{slug}'))) {
      assert.equal((await check(path, fill(path))).status, 410, path)
    }
    await runSql(
      harness.databaseUrl,
      `delete from deleted_petition; update petition set published_at = created_at, delivery = null`,
    )
    await checkEverything()
  })

  it('holds when something breaks, and while the database is away', async () => {
    const rename = (from: string, to: string) =>
      runSql(harness.databaseUrl, `alter table ${from} rename to ${to}`)
    const tables = ['petition', 'log_count']
    for (const table of tables) await rename(table, `mislaid_${table}`)
    await setTimeout(CHECKPOINT_HELD_MS)
    for (const { path } of reading())
      assert.equal((await check(path, fill(path))).status, 500, path)
    for (const table of tables) await rename(`mislaid_${table}`, table)
    await harness.wire.cut()
    // What was read before stays readable.
    for (const { path } of operations()) {
      const { status } = await check(path, fill(path))
      assert.ok([200, 503].includes(status), `${status} of ${path}`)
    }
    const stranded = await startHarness()
    await stranded.wire.cut()
    for (const { path } of reading()) {
      assert.equal((await check(path, fill(path), {}, stranded)).status, 503, path)
    }
    await stranded.close()
  })

  it('holds of a challenge of a time that is not peaceful', async () => {
    const { schema } = described.paths['/challenge']!.get!.responses['200']!.content!['application/json']! // biome-ignore format: one line
    const proofs = createProofs({ key: Buffer.alloc(32), clock: harness.clock })
    const [, errors] = Compile(closed(schema) as object).Errors(await proofs.challenge(8))
    assert.deepEqual(errors, [])
  })

  it('names no status that no answer has', () => {
    for (const { path, operation } of operations()) {
      const statuses = [...(seen.get(path) ?? [])].sort()
      assert.deepEqual(statuses, Object.keys(operation.responses).sort(), path)
    }
  })
})

/** The same, where nothing may stand that is not described. */
function closed(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  )
  return 'properties' in schema && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false }
    : inner
}
