import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encodeBase64 } from '../../../src/platform/bytes.ts'
import {
  type CommittedFields,
  commit as commitBytes,
} from '../../../src/sealing/record/commitment.ts'

const commit = (r: Uint8Array, record: CommittedFields) => encodeBase64(commitBytes(r, record))
const secret = new Uint8Array(32).map((_, at) => at)
const fields: CommittedFields = {
  slug: 'cop29-baku',
  id: '42',
  normalisedEmail: 'leyla@example.org',
  name: 'Leyla Əliyeva',
  textVersion: 2,
}

describe('a commitment', () => {
  it('is SHA-256 of the label, the secret, and each field after its length', () => {
    const hash = createHash('sha256').update('undersigned/commit/v1\0').update(secret)
    hash.update(Buffer.from([0, 0, 0, 10])).update('cop29-baku')
    hash.update(Buffer.from([0, 0, 0, 2])).update('42')
    hash.update(Buffer.from([0, 0, 0, 17])).update('leyla@example.org')
    hash.update(Buffer.from([0, 0, 0, 14])).update('Leyla Əliyeva')
    hash.update(Buffer.from([0, 0, 0, 1])).update('2')
    assert.equal(commit(secret, fields), hash.digest('base64'))
    assert.equal(commit(secret, fields), 'b0JUTu6CvbTCY5P9/bUGz+AfXLWIN6gCVoYrFEN7FI4=')
  })

  it('is another for another secret, field, or division into fields', () => {
    const others = [
      commit(secret, fields),
      commit(new Uint8Array(32), fields),
      ...(['slug', 'id', 'normalisedEmail', 'name'] as const).map((key) =>
        commit(secret, { ...fields, [key]: `${fields[key]}x` }),
      ),
      commit(secret, { ...fields, textVersion: 3 }),
      commit(secret, { ...fields, slug: 'cop29-baku4', id: '2' }),
      commit(secret, { ...fields, normalisedEmail: '', name: 'leyla@example.orgLeyla Əliyeva' }),
    ]
    assert.equal(new Set(others).size, others.length)
  })

  it('is 32 bytes for every text, and none for what can’t be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        assert.match(commit(secret, { ...fields, name }), /^[A-Za-z0-9+/]{43}=$/)
      }),
    )
    assert.throws(() => commit(secret.subarray(1), fields), RangeError)
  })
})
