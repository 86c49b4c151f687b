import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { emailTag, newTagKey } from '../../src/sealing/signer-details.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array))

describe('the tag that tells a second signature', () => {
  it('is HMAC-SHA-256 cut to 128 bits (RFC 4231, test case 2)', () => {
    const tag = emailTag(Buffer.from('Jefe'), 'what do ya want for nothing?')
    assert.equal(tag.toString('hex'), '5bdcc146bf60754e6a042426089575c7')
  })

  it('is the same for the same address under the same petition', () => {
    fc.assert(
      fc.property(key, fc.emailAddress(), (petitionKey, email) => {
        assert.deepEqual(emailTag(petitionKey, email), emailTag(Buffer.from(petitionKey), email))
        assert.equal(emailTag(petitionKey, email).length, 16)
      }),
    )
  })

  it('is another for another address', () => {
    fc.assert(
      fc.property(key, fc.emailAddress(), fc.emailAddress(), (petitionKey, a, b) => {
        fc.pre(a !== b)
        assert.notDeepEqual(emailTag(petitionKey, a), emailTag(petitionKey, b))
      }),
    )
  })

  it('of one petition says nothing about another', () => {
    fc.assert(
      fc.property(key, key, fc.emailAddress(), (a, b, email) => {
        fc.pre(!a.equals(b))
        assert.notDeepEqual(emailTag(a, email), emailTag(b, email))
      }),
    )
  })

  it('is no plain hash that anyone could test addresses against', () => {
    const email = 'leyla@example.org'
    const plain = createHash('sha256').update(email).digest().subarray(0, 16)
    assert.notDeepEqual(emailTag(newTagKey(), email), plain)
    assert.notDeepEqual(emailTag(Buffer.alloc(0), email), plain)
  })

  it('has a key of its own for every petition', () => {
    const keys = Array.from({ length: 200 }, () => newTagKey())
    assert.ok(keys.every(({ length }) => length === 32))
    assert.equal(new Set(keys.map((bytes) => bytes.toString('hex'))).size, keys.length)
  })
})
