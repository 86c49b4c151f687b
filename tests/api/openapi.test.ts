import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { Compile, type Validator } from 'typebox/schema'
import { DAY } from '../../src/platform/clock.ts'
import { DEMO } from '../support/demo.ts'
import { startHarness, useHarness } from '../support/harness.ts'
import { signAndConfirm } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

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

/** Longer than any name may be. */
const LONG = 'x'.repeat(300)
const VALUES = new Map([
  ['slug', DEMO],
  ['language', 'az'],
  ['version', '1'],
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
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values.get(name) ?? VALUES.get(name)!)

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
    const body = mediaType!.endsWith('/json') ? await answer.json() : await answer.text()
    const validator = validators.get(schema) ?? Compile(closed(schema) as object)
    validators.set(schema, validator)
    const [, errors] = validator.Errors(body)
    assert.deepEqual(errors, [], what)
    return answer
  }

  async function checkEverything() {
    for (const { path, operation } of operations()) {
      const url = fill(path)
      const etag = (await check(path, url)).headers.get('etag')
      if (etag) assert.equal((await check(path, url, { 'if-none-match': etag })).status, 304)
      for (const { name, in: place, schema } of operation.parameters ?? []) {
        if (place === 'query') {
          const values = (schema as { enum?: string[] }).enum ?? ['en', 'ru', 'xx', '']
          for (const value of values) await check(path, `${url}?${name}=${value}`)
          for (const wrong of [LONG, '%00', `${name}&${name}=2`]) {
            await check(path, `${url}?${name}=${wrong}`)
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
    await checkEverything()
  })

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

  it('holds when something breaks, and while the database is away', async () => {
    const rename = (from: string, to: string) =>
      runSql(harness.databaseUrl, `alter table ${from} rename to ${to}`)
    await rename('petition', 'mislaid')
    for (const { path } of operations()) assert.equal((await check(path, fill(path))).status, 500)
    await rename('mislaid', 'petition')
    await harness.wire.cut()
    // What was read before stays readable.
    for (const { path } of operations()) {
      const { status } = await check(path, fill(path))
      assert.ok([200, 503].includes(status), `${status} of ${path}`)
    }
    const stranded = await startHarness()
    await stranded.wire.cut()
    for (const { path } of operations()) {
      assert.equal((await check(path, fill(path), {}, stranded)).status, 503, path)
    }
    await stranded.close()
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
