import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { makeToken, readToken, type TokenPurpose } from '../../src/signature/link-token.ts'

const keyring = deriveKeyring(Buffer.alloc(32, 1))
const otherKeyring = deriveKeyring(Buffer.alloc(32, 2))
const purpose = fc.constantFrom<TokenPurpose>('confirm', 'withdraw')
const id = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('the token in a mailed link', () => {
  it('gives back the id of any signature', () => {
    fc.assert(
      fc.property(purpose, id, (what, number) => {
        const token = makeToken(keyring, what, number)
        assert.match(token, /^[A-Za-z0-9_-]{32}$/)
        assert.equal(readToken(keyring, what, token), number)
      }),
    )
  })

  it('is the same however often a mail goes out', () => {
    assert.equal(makeToken(keyring, 'confirm', '7'), makeToken(keyring, 'confirm', '7'))
  })

  it('that confirms does not withdraw, and the other way round', () => {
    fc.assert(
      fc.property(id, (number) => {
        assert.equal(readToken(keyring, 'withdraw', makeToken(keyring, 'confirm', number)), null)
        assert.equal(readToken(keyring, 'confirm', makeToken(keyring, 'withdraw', number)), null)
      }),
    )
  })

  it('of another server is refused', () => {
    fc.assert(
      fc.property(purpose, id, (what, number) => {
        assert.equal(readToken(otherKeyring, what, makeToken(keyring, what, number)), null)
      }),
    )
  })

  it('with any one bit flipped is refused', () => {
    fc.assert(
      fc.property(purpose, id, fc.nat(24 * 8 - 1), (what, number, bit) => {
        const bytes = Buffer.from(makeToken(keyring, what, number), 'base64url')
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        assert.equal(readToken(keyring, what, bytes.toString('base64url')), null)
      }),
      { numRuns: 500 },
    )
  })

  it('with any one character changed, lost, doubled or added is refused', () => {
    const token = makeToken(keyring, 'confirm', '123456789')
    for (let at = 0; at <= token.length; at++) {
      const changed = [token.slice(0, at) + token.slice(at + 1)].filter((text) => text !== token)
      for (const character of `${BASE64URL}=+/ .\n\0é`) {
        if (character !== token[at])
          changed.push(token.slice(0, at) + character + token.slice(at + 1))
        changed.push(token.slice(0, at) + character + token.slice(at))
      }
      for (const other of changed) assert.equal(readToken(keyring, 'confirm', other), null, other)
    }
  })

  it('in another spelling of the same bytes is refused: only the mailed one opens', () => {
    // The bytes of this id's token hold both letters in which base64 and base64url differ.
    const number = ['-', '_'].reduce((from, letter) => {
      while (!makeToken(keyring, 'confirm', String(from)).includes(letter)) from++
      return from
    }, 0)
    const token = makeToken(keyring, 'confirm', String(number))
    const plain = token.replaceAll('-', '+').replaceAll('_', '/')
    assert.notEqual(plain, token)
    for (const spelling of [
      plain,
      `${token}=`,
      `${token}==`,
      ` ${token}`,
      `${token}\n`,
      `${token}!`,
    ]) {
      assert.deepEqual(Buffer.from(spelling, 'base64url'), Buffer.from(token, 'base64url'))
      assert.equal(readToken(keyring, 'confirm', spelling), null)
    }
  })

  it('never throws, whatever a link holds', () => {
    fc.assert(
      fc.property(purpose, fc.string({ unit: 'binary', maxLength: 64 }), (what, text) => {
        assert.equal(readToken(keyring, what, text), null)
      }),
      { numRuns: 500 },
    )
  })
})
