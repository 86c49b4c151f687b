import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMPTY_ROOT } from '../../../src/log/core/tree/hash-tree.ts'
import { verifyConsistency } from '../../../src/log/core/tree/verify-consistency.ts'
import { verifyInclusion } from '../../../src/log/core/tree/verify-inclusion.ts'
import { fromBase64, hex, pairs, utf8 } from './support/bytes.ts'
import { naiveTree } from './support/naive-tree.ts'
import { CONSISTENCY, INCLUSION, RFC6962_ROOTS } from './vectors/merkle.ts'

const rootOfVector = (size: number) => fromBase64(RFC6962_ROOTS[size - 1]!)
const garbage = [new Uint8Array(0), utf8('garbage'), new Uint8Array(31), new Uint8Array(33)]

describe('an inclusion proof of transparency-dev/merkle', () => {
  for (const vector of INCLUSION) {
    const { index, size } = vector
    const good = {
      ...{ index, size, root: rootOfVector(size) },
      leafHash: fromBase64(vector.leafHash),
      proof: vector.proof.map(fromBase64),
    }

    it(`of entry ${index} of ${size} is accepted`, () => {
      assert.equal(verifyInclusion(good), true)
    })

    it(`of entry ${index} of ${size} is refused with anything changed`, () => {
      for (const [name, bad] of changesOf(good)) assert.equal(verifyInclusion(bad), false, name)
    })
  }

  it('for an empty log or an empty hash is refused (inclusion/additional, single-entry)', () => {
    const some = fromBase64('q6yroAAAAAAAAAAAAAAAAAAAAAAAAAAAAGAGHgASNFY=')
    const none = new Uint8Array(0)
    const hashes = [EMPTY_ROOT, some, EMPTY_ROOT, none, none, some, none, none]
    for (const [index, size] of pairs([0, 0, 0, 1, 1, 0, 2, 1])) {
      for (const [root, leafHash] of pairs(hashes)) {
        assert.equal(verifyInclusion({ index, size, leafHash, root, proof: [] }), false)
      }
    }
    assert.equal(
      verifyInclusion({ index: 0, size: 1, leafHash: some, root: some, proof: [] }),
      true,
    )
  })

  type Claim = Parameters<typeof verifyInclusion>[0]
  function* changesOf(good: Claim): Iterable<[string, Claim]> {
    const { index, size, proof, root } = good
    yield ['index + 1', { ...good, index: index + 1 }]
    yield ['index - 1', { ...good, index: index - 1 }]
    yield ['index xor 2', { ...good, index: index ^ 2 }]
    yield ['size * 2', { ...good, size: size * 2 }]
    yield ['size / 2', { ...good, size: Math.floor(size / 2) }]
    yield ['another leaf', { ...good, leafHash: new Uint8Array(32).fill(9) }]
    yield ['an empty leaf', { ...good, leafHash: new Uint8Array(0) }]
    yield ['another root', { ...good, root: new Uint8Array(32).fill(9) }]
    yield ['an empty root', { ...good, root: new Uint8Array(0) }]
    yield ['the root of nothing', { ...good, root: EMPTY_ROOT }]
    for (const bad of changedProofs(proof, [root])) yield ['the proof', { ...good, proof: bad }]
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      yield [`index ${bad}`, { ...good, index: bad }]
      yield [`size ${bad}`, { ...good, size: bad }]
    }
  }
})

describe('a consistency proof of transparency-dev/merkle', () => {
  for (const vector of CONSISTENCY) {
    const { from, to } = vector
    const good = {
      ...{ from, to, oldRoot: rootOfVector(from), newRoot: rootOfVector(to) },
      proof: vector.proof.map(fromBase64),
    }

    it(`from ${from} to ${to} is accepted`, () => {
      assert.equal(verifyConsistency(good), true)
    })

    it(`from ${from} to ${to} is refused with anything changed`, () => {
      for (const [name, bad] of changesOf(good)) assert.equal(verifyConsistency(bad), false, name)
    })
  }

  it('from nothing, or between equal sizes, is empty (consistency/additional)', () => {
    const a = new Uint8Array(32).fill(1)
    const b = new Uint8Array(32).fill(2)
    const cases: [number, Uint8Array, number, Uint8Array, Uint8Array[], boolean][] = [
      [1, a, 1, a, [], true],
      [1, a, 1, b, [], false],
      [1, a, 1, a, [EMPTY_ROOT], false],
      [0, a, 0, a, [], false],
      [0, a, 0, b, [], false],
      [0, EMPTY_ROOT, 0, EMPTY_ROOT, [], true],
      [0, EMPTY_ROOT, 0, EMPTY_ROOT, [EMPTY_ROOT], false],
      [0, EMPTY_ROOT, 0, b, [], false],
      [0, EMPTY_ROOT, 1, EMPTY_ROOT, [EMPTY_ROOT], false],
      [0, a, 1, b, [], false],
      [1, a, 0, b, [], false],
      [2, a, 1, b, [], false],
      [1, a, 2, b, [], false],
      // c2sp.org/tlog-witness: the empty log is consistent with every other.
      [0, EMPTY_ROOT, 1, b, [], true],
      // merkle compares roots of any length here; ours are 32 bytes or refused.
      [1, utf8("don't care 2"), 1, utf8("don't care 2"), [], false],
    ]
    for (const [from, oldRoot, to, newRoot, proof, expected] of cases) {
      const claim = { from, oldRoot, to, newRoot, proof }
      assert.equal(verifyConsistency(claim), expected, JSON.stringify(claim))
    }
  })

  type Claim = Parameters<typeof verifyConsistency>[0]
  function* changesOf(good: Claim): Iterable<[string, Claim]> {
    const { from, to, oldRoot, newRoot, proof } = good
    yield ['from + 1', { ...good, from: from + 1 }]
    yield ['from - 1', { ...good, from: from - 1 }]
    yield ['from xor 2', { ...good, from: from ^ 2 }]
    yield ['to * 2', { ...good, to: to * 2 }]
    yield ['to / 2', { ...good, to: Math.floor(to / 2) }]
    yield ['another old root', { ...good, oldRoot: new Uint8Array(32).fill(9) }]
    yield ['another new root', { ...good, newRoot: new Uint8Array(32).fill(9) }]
    if (from < to) {
      yield ['swapped roots', { ...good, oldRoot: newRoot, newRoot: oldRoot }]
      yield ['an empty proof', { ...good, proof: [] }]
    }
    for (const bad of changedProofs(proof, [oldRoot, newRoot])) {
      yield ['the proof', { ...good, proof: bad }]
    }
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      yield [`from ${bad}`, { ...good, from: bad }]
      yield [`to ${bad}`, { ...good, to: bad }]
    }
  }
})

it('the naive tree is that of the vectors', () => {
  const { root } = naiveTree([])
  assert.equal(hex(root(0)), hex(EMPTY_ROOT))
})

function* changedProofs(proof: Uint8Array[], roots: Uint8Array[]): Iterable<Uint8Array[]> {
  for (const extra of [...garbage, ...roots]) {
    yield [extra, ...proof]
    yield [...proof, extra]
  }
  for (const [at, hash] of proof.entries()) {
    yield [...proof.slice(0, at), ...proof.slice(at + 1)]
    yield [...proof.slice(0, at + 1), hash, ...proof.slice(at + 1)]
    for (let bit = 0; bit < 256; bit++) {
      const changed = new Uint8Array(hash)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      yield [...proof.slice(0, at), changed, ...proof.slice(at + 1)]
    }
  }
}
