import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js'
import { sha256 } from '../../src/platform/sha256.ts'
import { createNoise, hex, utf8 } from '../log/core/support/bytes.ts'

const expected = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

for (const [name, hash] of Object.entries({ sha256, portableSha256 })) {
  describe(name, () => {
    it('gives the digests of FIPS 180-2, appendix B, and of nothing', () => {
      const vectors = {
        '': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        abc: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
          '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
      }
      for (const [text, digest] of Object.entries(vectors)) {
        assert.equal(hex(hash(utf8(text))), digest)
      }
      assert.equal(
        hex(hash(new Uint8Array(1_000_000).fill(0x61))),
        'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
      )
    })

    it('agrees with node:crypto at every length around the blocks', () => {
      const noise = createNoise(1)
      for (let length = 0; length <= 400; length++) {
        const bytes = Uint8Array.from({ length }, () => noise() * 256)
        assert.equal(hex(hash(bytes)), expected(bytes), `${length} bytes`)
      }
    })

    it('agrees with node:crypto on twenty thousand nodes', () => {
      let node = new Uint8Array(65)
      for (let round = 0; round < 20_000; round++) {
        const digest = hash(node)
        assert.equal(hex(digest), expected(node))
        node = new Uint8Array([1, ...digest, ...digest.map((byte) => byte ^ round)])
      }
    })

    it('reads a view into a larger buffer, and gives bytes of its own', () => {
      const whole = new Uint8Array(300).map((_, at) => at)
      const digest = hash(whole.subarray(100, 200))
      assert.equal(hex(digest), expected(whole.slice(100, 200)))
      assert.equal(digest.length, 32)
      assert.notEqual(digest.buffer, hash(whole).buffer)
    })
  })
}

it('Node.js hashes natively', () => {
  assert.notEqual(sha256, portableSha256)
})
