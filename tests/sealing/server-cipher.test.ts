import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import {
  decrypt,
  decryptAddress,
  decryptComment,
  decryptDetails,
  encrypt,
  encryptAddress,
  encryptComment,
  encryptDetails,
  newBlinding,
  unwrapTagKey,
  wrapTagKey,
} from '../../src/sealing/signer-details.ts'

const key = Buffer.alloc(32, 1)
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))

describe('what the server encrypts', () => {
  it('opens again, whatever it is', () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plaintext, context) => {
        assert.deepEqual(decrypt(key, context, encrypt(key, context, plaintext)), plaintext)
      }),
    )
  })

  it('is another ciphertext each time', () => {
    const messages = Array.from({ length: 500 }, () => encrypt(key, 'x', Buffer.from('same')))
    assert.equal(new Set(messages.map((message) => message.toString('hex'))).size, 500)
    assert.equal(
      new Set(messages.map((message) => message.subarray(1, 13).toString('hex'))).size,
      500,
    )
  })

  it('shows nothing of the plaintext', () => {
    const plaintext = Buffer.from('leyla@example.org '.repeat(20))
    const message = encrypt(key, 'x', plaintext).toString('latin1')
    assert.equal(message.includes('leyla'), false)
    assert.equal(message.length, plaintext.length + 1 + 12 + 16)
  })

  it('is refused with any one bit of any byte flipped', () => {
    const message = encrypt(key, 'context', Buffer.from('leyla@example.org'))
    for (let bit = 0; bit < message.length * 8; bit++) {
      const other = Buffer.from(message)
      other[bit >> 3]! ^= 1 << (bit & 7)
      assert.throws(() => decrypt(key, 'context', other), `bit ${bit}`)
    }
  })

  it('is refused when cut off anywhere, or longer', () => {
    const message = encrypt(key, 'context', Buffer.from('leyla@example.org'))
    for (let length = 0; length < message.length; length++) {
      assert.throws(() => decrypt(key, 'context', message.subarray(0, length)), `${length} bytes`)
    }
    assert.throws(() => decrypt(key, 'context', Buffer.concat([message, Buffer.of(0)])))
  })

  it('is refused for another purpose and with another key', () => {
    const message = encrypt(key, 'context', Buffer.from('x'))
    for (const context of ['', 'contex', 'context ', 'Context']) {
      assert.throws(() => decrypt(key, context, message), context)
    }
    for (let bit = 0; bit < key.length * 8; bit++) {
      const other = Buffer.from(key)
      other[bit >> 3]! ^= 1 << (bit & 7)
      assert.throws(() => decrypt(other, 'context', message), `bit ${bit}`)
    }
  })

  it('is refused when it never was a message', () => {
    fc.assert(
      fc.property(bytes, (noise) => {
        assert.throws(() => decrypt(key, 'x', noise))
      }),
    )
  })
})

describe('signers’ details, addresses and tag keys', () => {
  const keyring = deriveKeyring(Buffer.alloc(32, 1))
  const details = {
    name: 'Əli',
    email: 'Ali@example.org',
    normalisedEmail: 'ali@example.org',
    postcode: '',
    comment: 'Так.\n👩‍👩‍👧',
    r: newBlinding(),
  }

  it('open again', () => {
    assert.deepEqual(decryptDetails(keyring, encryptDetails(keyring, details)), details)
    assert.equal(decryptAddress(keyring, encryptAddress(keyring, details.email)), details.email)
    const comment = encryptComment(keyring, details.comment)
    assert.equal(decryptComment(keyring, comment), details.comment)
    const tagKey = randomBytes(32)
    assert.deepEqual(unwrapTagKey(keyring, wrapTagKey(keyring, tagKey)), tagKey)
  })

  it('can’t be put in each other’s place', () => {
    const sealedDetails = encryptDetails(keyring, details)
    assert.throws(() => decryptAddress(keyring, sealedDetails.toString('base64')))
    assert.throws(() => unwrapTagKey(keyring, sealedDetails))
    assert.throws(() => decryptComment(keyring, sealedDetails))
    const address = Buffer.from(encryptAddress(keyring, '{"name":""}'), 'base64')
    assert.throws(() => decryptDetails(keyring, address))
    assert.throws(() => decryptDetails(keyring, wrapTagKey(keyring, Buffer.from('{}'))))
  })

  it('of one server don’t open on another', () => {
    const other = deriveKeyring(Buffer.alloc(32, 2))
    assert.throws(() => decryptDetails(other, encryptDetails(keyring, details)))
    assert.throws(() => decryptAddress(other, encryptAddress(keyring, details.email)))
    assert.throws(() => unwrapTagKey(other, wrapTagKey(keyring, randomBytes(32))))
  })
})
