import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import Fastify from 'fastify'
import { meantBy, redirectToMeant } from '../../src/platform/web/redirect-to-meant.ts'

describe('the address that was meant', () => {
  const examples: [string, string[]][] = [
    ['/en', ['/en/']],
    ['/en/p/x/', ['/en/p/x']],
    ['/en/p/x).', ['/en/p/x']],
    ['/en/p/x%C2%BB', ['/en/p/x']],
    ['/en/p/x%22%3Ehere%3C/a%3E', ['/en/p/x']],
    ['/en/p/x_', ['/en/p/x']],
    ['/en/p/x_*', ['/en/p/x_', '/en/p/x']],
    ['/en).', ['/en', '/en/']],
    ['/).', ['/']],
    ['/en/p/x', []],
    ['/', []],
    ['/en/../etc/passwd', []],
    ['//evil.example/', []],
    ['/%5C%5Cevil.example', []],
    ['/en/%zz', []],
  ]
  for (const [path, meant] of examples) {
    it(`of ${path} is ${meant.join(' or ') || 'none'}`, () => {
      assert.deepEqual(meantBy(path), meant)
    })
  }

  it('is another, on this site, and without anything that ends a path', () => {
    const pieces = fc.constantFrom(
      ...'/abc-_.)»%29 ?&"\\'.split(''),
      '%2F',
      '%5C',
      'ə',
      '%C9%99',
      '\t',
    )
    const path = fc.array(pieces, { maxLength: 12 }).map((parts) => `/${parts.join('')}`)
    fc.assert(
      fc.property(path, (given) => {
        for (const meant of meantBy(given)) {
          assert.match(meant, /^\/(?![/\\])/)
          assert.equal(new URL(meant, 'https://petitions.test').host, 'petitions.test')
          assert.notEqual(meant, given)
          assert.doesNotMatch(meant, /[\s\\?#]/)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a 404', () => {
  const CODE = 'abcdefghijklmn-_'
  /** The requests that the site sees for one, by method. */
  async function ask(url: string) {
    const app = Fastify()
    const seen: string[] = []
    app.addHook('onRequest', async ({ method }) => {
      seen.push(method)
    })
    redirectToMeant(app)
    app.get('/', async () => 'home')
    app.get('/:lang/', async () => 'home')
    app.get<{ Params: { slug: string } }>('/:lang/p/:slug', async ({ params: { slug } }, reply) =>
      slug === 'river' ? slug : reply.callNotFound(),
    )
    app.get<{ Params: { code: string } }>('/s/:code', async ({ params: { code } }, reply) =>
      code === CODE ? code : reply.callNotFound(),
    )
    app.post('/:lang/p/:slug/signatures', async () => 'signed')
    const { statusCode, headers } = await app.inject({ url, headers: { 'x-looking': 'true' } })
    await app.close()
    return { seen, to: statusCode === 302 ? headers.location : statusCode }
  }

  it('looks at most once whether what was meant is there', async () => {
    const found: [string, string][] = [
      ['/en/p/river_*', '/en/p/river'],
      ['/en/p/river__).', '/en/p/river'],
      ['/az).', '/az/'],
      [`/s/${CODE}).`, `/s/${CODE}`],
      [`/s/${CODE}/`, `/s/${CODE}`],
    ]
    for (const [url, to] of found) assert.deepEqual(await ask(url), { seen: ['GET', 'HEAD'], to })
    for (const url of ['/en/p/lake_*', '/en/p/lake).', '/s/none_*', '/s/none__.']) {
      assert.deepEqual(await ask(url), { seen: ['GET', 'HEAD'], to: 404 }, url)
    }
  })

  it('looks nowhere when no route takes what was meant', async () => {
    for (const url of [
      '/en/p/river/signatures/',
      '/en/p/river/x).',
      '/a/b/c/d/e_*',
      '/xx).',
      '/tlh/p/river_*',
      '/wp-login.php',
      '/.env',
      '/s/',
      '/s).',
    ]) {
      assert.deepEqual(await ask(url), { seen: ['GET'], to: 404 }, url)
    }
  })
})
