import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attempt, MalformedError } from '../../../src/log/core/canonical.ts'
import { signerFromSeed } from '../../../src/log/core/note/node-ed25519.ts'
import {
  COSIGNATURE_V1,
  ED25519,
  formatVkey,
  makeKey,
  parseVkey,
  UnknownKeyTypeError,
} from '../../../src/log/core/note/note-key.ts'
import { encodeBase64 } from '../../../src/platform/bytes.ts'
import { fromBase64, hex } from './support/bytes.ts'
import {
  ARCHE_VKEY,
  C2SP_VKEY,
  ENOCH_VKEY,
  PETER_SECRET,
  PETER_VKEY,
  PLUS_VKEY,
  WITNESS_VKEYS,
} from './vectors/notes.ts'
import { TESSERA_VKEY } from './vectors/tessera.ts'

const published = [
  ...[C2SP_VKEY, PETER_VKEY, ENOCH_VKEY, PLUS_VKEY, TESSERA_VKEY, ARCHE_VKEY],
  ...WITNESS_VKEYS,
]

/** printf 'later.example\\n\\x09\\x01\\x02\\x03' | sha256sum | head -c 8 */
const idOfType9 = 'b771e474'

describe('a verifier key', () => {
  it('as others published it is read, and written as it was', () => {
    for (const vkey of published) assert.equal(formatVkey(parseVkey(vkey)), vkey)
  })

  it('says name, key ID, type and key', () => {
    const key = parseVkey(C2SP_VKEY)
    assert.equal(key.name, 'example.com/foo')
    assert.equal(key.keyId, '530d903a')
    assert.equal(key.type, ED25519)
    assert.equal(
      hex(key.publicKey),
      'e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4',
    )
    assert.equal(parseVkey(WITNESS_VKEYS[0]!).type, COSIGNATURE_V1)
  })

  it('belongs to the secret that Go’s note package has for it', () => {
    const { key } = signerFromSeed('PeterNeumann', ED25519, fromBase64(PETER_SECRET).slice(1))
    assert.equal(formatVkey(key), PETER_VKEY)
  })

  it('has another key ID for another name or type', () => {
    const { publicKey } = parseVkey(PETER_VKEY)
    const ids = [
      makeKey('PeterNeumann', ED25519, publicKey),
      makeKey('PeterNeumann', COSIGNATURE_V1, publicKey),
      makeKey('PeterNeuman', ED25519, publicKey),
    ].map(({ keyId }) => keyId)
    assert.equal(new Set(ids).size, 3)
  })

  it('is refused when it is a part of one, or one character is another', () => {
    for (let start = 0; start <= PETER_VKEY.length; start++) {
      for (let end = start; end <= PETER_VKEY.length; end++) {
        if (start === 0 && end === PETER_VKEY.length) continue
        assert.throws(() => parseVkey(PETER_VKEY.slice(start, end)), MalformedError)
      }
    }
    for (let at = 0; at < PETER_VKEY.length; at++) {
      for (const character of ['\0', ' ', '+', '=', 'A', 'a', '0', '\n', 'é', '\ud800']) {
        if (PETER_VKEY[at] === character) continue
        const other = PETER_VKEY.slice(0, at) + character + PETER_VKEY.slice(at + 1)
        assert.throws(() => parseVkey(other), MalformedError, other)
      }
    }
  })

  it('of another type, or another length, is refused though its ID is right (Go’s tests)', () => {
    for (const bad of [
      'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==',
      'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'rekor.sigstore.dev+12345678+AwEB',
      'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ]) {
      assert.throws(() => parseVkey(bad), MalformedError, bad)
    }
  })

  it('of a type from after this program is told from a damaged one', () => {
    const later = [
      `example.com/w1+b3b1a9ac+${encodeBase64(Uint8Array.of(6, ...new Uint8Array(1312).fill(7)))}`,
      `example.com/w1+00000000+${encodeBase64(Uint8Array.of(0xff, 1, 2, 3))}`,
      'rekor.sigstore.dev+12345678+AwEB',
    ]
    for (const vkey of later) assert.throws(() => parseVkey(vkey), UnknownKeyTypeError, vkey)
    for (const vkey of ['a b+12345678+AwEB', 'a+12345678+', 'a+1234567+AwEB', 'a+12345678+AwE!']) {
      const error = attempt(() => parseVkey(vkey))
      assert.ok(error instanceof MalformedError && !(error instanceof UnknownKeyTypeError), vkey)
    }
  })

  it('of a type from after this program is called mistyped where its key ID does not fit', () => {
    for (const vkey of [PETER_VKEY, ...WITNESS_VKEYS]) {
      const { name, keyId, type, publicKey } = parseVkey(vkey)
      for (const other of [0, 2, 3, 5, 8, 12, 0xff]) {
        const encoded = encodeBase64(Uint8Array.of(other, ...publicKey))
        const error = attempt(() => parseVkey(`${name}+${keyId}+${encoded}`))
        assert.ok(error instanceof MalformedError && !(error instanceof UnknownKeyTypeError))
        assert.match(error.message, new RegExp(`mistyped: .* a key of type ${type}, not ${other}$`))
      }
    }
    // By the rule that c2sp.org/signed-note recommends, reckoned by another program.
    const fits = `later.example+${idOfType9}+${encodeBase64(Uint8Array.of(9, 1, 2, 3))}`
    const unfit = fits.replace(idOfType9, '01234567')
    const [known, doubted] = [fits, unfit].map((vkey) => attempt(() => parseVkey(vkey)))
    assert.ok(known instanceof UnknownKeyTypeError && doubted instanceof UnknownKeyTypeError)
    assert.doesNotMatch(known.message, /mistyped/)
    assert.match(doubted.message, new RegExp(`would be ${idOfType9} .*: is it mistyped\\?$`))
  })

  it('needs a name that a note can hold', () => {
    const key = new Uint8Array(32)
    const spaces = [' ', '\n', '\t', '\u0085', '\u00a0', '\u1680', '\u2003', '\u2028', '\u3000']
    for (const name of ['', 'a+b', 'a\0b', 'a\u007fb', 'a\ud800', ...spaces.map((s) => `a${s}b`)]) {
      assert.throws(() => makeKey(name, ED25519, key), MalformedError, JSON.stringify(name))
    }
    assert.equal(makeKey('пример.example/журнал', ED25519, key).name, 'пример.example/журнал')
    for (const length of [0, 31, 33]) {
      assert.throws(() => makeKey('a', ED25519, new Uint8Array(length)), MalformedError)
    }
  })
})
