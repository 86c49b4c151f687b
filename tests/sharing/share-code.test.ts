import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import {
  CODE_PATTERN,
  newPartnerCode,
  personalCode,
  readPersonalCode,
} from '../../src/sharing/share-code.ts'

const keyring = deriveKeyring(Buffer.alloc(32, 1))
const petition = fc.integer({ min: 1, max: 2 ** 24 - 1 })
const signature = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String)
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('a signer’s own share code', () => {
  it('gives back its petition, and fits an address and the form', () => {
    fc.assert(
      fc.property(petition, signature, (petitionId, id) => {
        const code = personalCode(keyring, petitionId, id)
        assert.match(code, /^[A-Za-z0-9_-]{16}$/)
        assert.match(code, CODE_PATTERN)
        assert.equal(readPersonalCode(keyring, code), petitionId)
      }),
    )
  })

  it('is always the same for a signature, and another for every other', () => {
    assert.equal(personalCode(keyring, 1, '7'), personalCode(keyring, 1, '7'))
    const codes = Array.from({ length: 2000 }, (_, id) => personalCode(keyring, 1, String(id)))
    assert.equal(new Set(codes).size, codes.length)
  })

  it('does not tell which signature it belongs to', () => {
    const secret = (id: string) =>
      Buffer.from(personalCode(keyring, 1, id), 'base64url').subarray(3)
    for (const id of ['1', '2', '255']) {
      const hex = secret(id).toString('hex')
      assert.equal(hex.includes(BigInt(id).toString(16).padStart(8, '0')), false)
    }
    assert.notDeepEqual(secret('1').subarray(0, 4), secret('2').subarray(0, 4))
  })

  it('of another server is refused', () => {
    const other = deriveKeyring(Buffer.alloc(32, 2))
    for (let id = 1; id < 500; id++) {
      assert.equal(readPersonalCode(keyring, personalCode(other, 1, String(id))), null)
    }
  })

  // 24 bits check a code, so codes drawn at random would pass once in 16 million: these are fixed.
  it('with any one character changed is refused', () => {
    for (const id of ['1', '2', '4096', '9007199254740993']) {
      const code = personalCode(keyring, 3, id)
      for (let at = 0; at < code.length; at++) {
        for (const character of BASE64URL) {
          const other = code.slice(0, at) + character + code.slice(at + 1)
          if (other !== code) assert.equal(readPersonalCode(keyring, other), null, other)
        }
      }
    }
  })

  it('can’t be moved to another petition', () => {
    const code = Buffer.from(personalCode(keyring, 3, '7'), 'base64url')
    for (let petitionId = 0; petitionId < 500; petitionId++) {
      if (petitionId === 3) continue
      code.writeUIntBE(petitionId, 0, 3)
      assert.equal(readPersonalCode(keyring, code.toString('base64url')), null)
    }
  })

  it('in another spelling of the same bytes is refused', () => {
    let id = 1
    while (!/[-_]/.test(personalCode(keyring, 1, String(id)))) id++
    const code = personalCode(keyring, 1, String(id))
    const plain = code.replaceAll('-', '+').replaceAll('_', '/')
    assert.deepEqual(Buffer.from(plain, 'base64url'), Buffer.from(code, 'base64url'))
    for (const other of [plain, `${code}=`, ` ${code}`, `${code}\n`, code.slice(1), `${code}A`]) {
      assert.equal(readPersonalCode(keyring, other), null, other)
    }
  })

  it('never throws, whatever an address holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        readPersonalCode(keyring, text)
      }),
      { numRuns: 500 },
    )
    for (const text of ['', 'é'.repeat(16), '\0'.repeat(16), '='.repeat(16)]) {
      assert.equal(readPersonalCode(keyring, text), null)
    }
  })
})

describe('a partner’s share code', () => {
  const codes = Array.from({ length: 2000 }, newPartnerCode)

  it('can be read from paper: eight small letters and digits, none like another', () => {
    for (const code of codes) assert.match(code, /^[2-9abcdefghjkmnpqrstuvwxyz]{8}$/)
  })

  it('is another each time', () => assert.equal(new Set(codes).size, codes.length))

  it('uses its whole alphabet in every place', () => {
    for (let at = 0; at < 8; at++) assert.equal(new Set(codes.map((code) => code[at])).size, 31)
  })

  it('is never taken for a signer’s', () => {
    for (const code of codes) assert.equal(readPersonalCode(keyring, code), null)
  })
})
