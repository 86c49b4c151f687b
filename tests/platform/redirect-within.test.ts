import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import Fastify from 'fastify'
import { redirectWithin } from '../../src/platform/web/redirect-within.ts'

const HELPER = join('src', 'platform', 'web', 'redirect-within.ts')

describe('a redirect', () => {
  it('stays on this site, whatever its path begins with', async () => {
    const app = Fastify()
    app.get<{ Querystring: { to: string } }>('/', async (request, reply) =>
      redirectWithin(reply, request.query.to, 303),
    )
    for (const start of ['', '/', '//', '///', '\\', '/\\', '\\\\', '/\t/', '\t//', ' //', '/ /']) {
      const query = { to: `${start}evil.example/p/x?y=//z` }
      const { headers, statusCode } = await app.inject({ url: '/', query })
      assert.equal(statusCode, 303)
      assert.equal(headers.location, '/evil.example/p/x?y=//z')
      const { host } = new URL(headers.location!, 'https://petitions.test/en/')
      assert.equal(host, 'petitions.test', JSON.stringify(start))
    }
    await app.close()
  })

  it('is made in one place', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join('src', file))
    const redirecting = files.filter((file) => readFileSync(file, 'utf8').includes('.redirect('))
    assert.deepEqual(redirecting, [HELPER])
  })
})
