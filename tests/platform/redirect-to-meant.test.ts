import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { meantBy } from '../../src/platform/web/redirect-to-meant.ts'

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
