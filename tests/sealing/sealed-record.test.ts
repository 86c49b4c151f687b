import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { commit } from '../../src/sealing/record/commitment.ts'
import {
  decodeRecord,
  encodeRecord,
  PADDING_BYTES,
} from '../../src/sealing/record/sealed-record.ts'
import { typedNames } from '../support/names.ts'
import { signerRecord } from '../support/sealed-export.ts'

describe('a sealed record', () => {
  it('gives back what was typed, in every script', () => {
    for (const name of typedNames) {
      const record = signerRecord({ name, comment: `${name}\n${name}` })
      assert.deepEqual(decodeRecord(encodeRecord(record)), record)
    }
  })

  it('is padded, so that its length tells little of the name', () => {
    const lengthOf = (name: string) => encodeRecord(signerRecord({ name })).length
    assert.equal(lengthOf('Li') % PADDING_BYTES, 0)
    assert.equal(lengthOf('Li'), lengthOf('Wolfeschlegelsteinhausenbergerdorff'))
  })

  it('is told from anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          assert.equal(decodeRecord(bytes), null)
        },
      ),
    )
    const { r: _, ...incomplete } = signerRecord({})
    assert.equal(decodeRecord(Buffer.from(JSON.stringify(incomplete))), null)
  })
})

describe('the commitment', () => {
  it('is what another implementation computes', () => {
    // Python: sha256(b"undersigned/commit/v1\0" + bytes(range(32)) + b"".join(
    //   len(f.encode()).to_bytes(4, "big") + f.encode() for f in
    //   ["cop29-baku", "17", "leyla@example.org", "Leyla Əliyeva", "3"])).hexdigest()
    const record = signerRecord({
      slug: 'cop29-baku',
      id: '17',
      normalisedEmail: 'leyla@example.org',
      name: 'Leyla Əliyeva',
      textVersion: 3,
    })
    const r = Uint8Array.from({ length: 32 }, (_, index) => index)
    assert.equal(
      Buffer.from(commit(r, record)).toString('hex'),
      '21362891c90c25610444c3214301efb13c09ab2ac60d5483a755e8aae7e1ad65',
    )
  })

  it('differs for any two different records, wherever a boundary between fields lies', () => {
    const one = signerRecord({ slug: 'a', id: '12', name: 'Ann', normalisedEmail: 'b@c.org' })
    const r = randomBytes(32)
    const hash = (record: typeof one) => Buffer.from(commit(r, record)).toString('hex')
    for (const other of [{ slug: 'a1', id: '2' }, { name: 'Ann3' }, { textVersion: 11 }]) {
      assert.notEqual(hash(one), hash({ ...one, ...other }))
    }
  })

  it('is never made with a blinding that is not 32 bytes', () => {
    assert.throws(() => commit(new Uint8Array(31), signerRecord({})), RangeError)
  })
})
