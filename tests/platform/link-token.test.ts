import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import {
  answers,
  beginningOf,
  type LinkTarget,
  makeToken,
  readToken,
  type TokenPurpose,
} from '../../src/platform/link-token.ts'
import { idOfBytes } from '../../src/platform/random-id.ts'

const keyring = deriveKeyring(Buffer.alloc(32, 1))
const otherKeyring = deriveKeyring(Buffer.alloc(32, 2))
const purpose = fc.constantFrom<TokenPurpose>('confirm', 'withdraw')
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => Buffer.from(array))
const target: fc.Arbitrary<LinkTarget> = fc.record({
  id: bytes(16).map(idOfBytes),
  address: fc.option(bytes(16)),
})
const TARGET: LinkTarget = { id: idOfBytes(Buffer.alloc(16, 3)), address: Buffer.alloc(16, 5) }
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('the token in a mailed link', () => {
  it('gives back what it was made for', () => {
    fc.assert(
      fc.property(purpose, target, (what, row) => {
        const token = makeToken(keyring, what, row)
        assert.match(token, /^[A-Za-z0-9_-]{54}$/)
        assert.deepEqual(readToken(keyring, what, token), {
          id: row.id,
          address: beginningOf(row.address),
        })
      }),
    )
  })

  it('is the same however often a mail goes out', () => {
    assert.equal(makeToken(keyring, 'confirm', TARGET), makeToken(keyring, 'confirm', TARGET))
  })

  it('that confirms does not withdraw, and the other way round', () => {
    fc.assert(
      fc.property(target, (number) => {
        assert.equal(readToken(keyring, 'withdraw', makeToken(keyring, 'confirm', number)), null)
        assert.equal(readToken(keyring, 'confirm', makeToken(keyring, 'withdraw', number)), null)
      }),
    )
  })

  it('of another server is refused', () => {
    fc.assert(
      fc.property(purpose, target, (what, number) => {
        assert.equal(readToken(otherKeyring, what, makeToken(keyring, what, number)), null)
      }),
    )
  })

  it('with any one bit flipped is refused', () => {
    fc.assert(
      fc.property(purpose, target, fc.nat(40 * 8 - 1), (what, number, bit) => {
        const bytes = Buffer.from(makeToken(keyring, what, number), 'base64url')
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        assert.equal(readToken(keyring, what, bytes.toString('base64url')), null)
      }),
      { numRuns: 500 },
    )
  })

  it('with any one character changed, lost, doubled or added is refused', () => {
    const token = makeToken(keyring, 'confirm', TARGET)
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
    // The bytes of this token hold both letters in which base64 and base64url differ.
    let token = ''
    for (let nth = 0; !/-.*_|_.*-/.test(token); nth++) {
      token = makeToken(keyring, 'confirm', { ...TARGET, id: idOfBytes(Buffer.alloc(16, nth)) })
    }
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

  it('is answered by the row that it was made for, and by no other address’s in its place', () => {
    fc.assert(
      fc.property(target, bytes(16), (row, address) => {
        const token = readToken(keyring, 'withdraw', makeToken(keyring, 'withdraw', row))!
        assert.ok(answers(row, token))
        fc.pre(!beginningOf(address).equals(beginningOf(row.address)))
        assert.ok(!answers({ address }, token))
      }),
    )
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
