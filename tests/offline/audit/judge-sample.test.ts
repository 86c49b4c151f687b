import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundOfBad, judgeSample } from '../../../src/offline/audit/judge-sample.ts'
import { roundUp } from '../../../src/offline/audit/tell-result.ts'
import { safeJson, safeText } from '../../../src/platform/terminal/escape-unsafe.ts'
import type { OpenedEntry } from '../../../src/sealing/record/opened-file.ts'

const entry = (index: number, fields: Partial<OpenedEntry> = {}): OpenedEntry => ({
  index,
  id: String(index),
  r: Buffer.alloc(32).toString('base64'),
  slug: 'free-them',
  name: 'Ann Lee',
  email: `${index}@example.org`,
  normalisedEmail: `${index}@example.org`,
  textVersion: 1,
  ...fields,
})

const judge = (drawn: number[], given: Partial<Parameters<typeof judgeSample>[1]>) =>
  judgeSample(drawn, {
    records: drawn.map((index) => entry(index)),
    found: new Set(),
    leavings: new Map(),
    confidence: 0.95,
    ...given,
  })

describe('the verdict on a sample', () => {
  it('lets the first of an address stand, in the order of the log, and no other', () => {
    const same = { normalisedEmail: 'one@example.org' }
    const records = [entry(9, same), entry(3, same), entry(5), entry(7, { id: '5' })]
    assert.deepEqual(judge([9, 3, 5, 7], { records }).bad.duplicate, [9, 7])
  })

  it('counts one that is bad for several reasons once', () => {
    const leavings = new Map([[1, 'void' as const]])
    const { bad, good, bound } = judge([1, 2, 3], {
      records: [entry(2)],
      found: new Set([1]),
      leavings,
    })
    assert.deepEqual(bad, { found: [1], voided: [], notShown: [3], duplicate: [] })
    assert.equal(good, 1)
    assert.equal(bound, boundOfBad(3, 2))
  })

  it('leaves out signatures that were withdrawn and not shown, and judges those that were shown', () => {
    const leavings = new Map([
      [1, 'withdraw' as const],
      [2, 'withdraw' as const],
    ])
    const { leftSince, good, bound, boundAtWorst } = judge([1, 2, 3], {
      records: [entry(2), entry(3)],
      leavings,
    })
    assert.deepEqual([leftSince, good], [[1], 2])
    assert.equal(bound, boundOfBad(2, 0))
    assert.equal(boundAtWorst, boundOfBad(3, 1))
  })

  it('of a sample that left whole tells nothing', () => {
    const { bound, good } = judge([1], { records: [], leavings: new Map([[1, 'withdraw']]) })
    assert.deepEqual([bound, good], [1, 0])
  })

  it('is told by two digits, never less than it is', () => {
    const told = [0.009936, 0.0487, 0.2588, 0.000998, 0.1, 0.01, 0.0995, 0.46, 0.999].map(roundUp)
    const expected = ['1.0', '4.9', '26', '0.10', '10', '1.0', '10', '46', '100']
    assert.deepEqual(
      told,
      expected.map((number) => `${number} %`),
    )
  })
})

describe('what comes from others', () => {
  it('does nothing to a terminal', () => {
    const text = 'a\u001b[31mb\u202ec\u{e0001}d'
    assert.equal(safeText(text), 'a\\u001b[31mb\\u202ec\\udb40\\udc01d')
    const json = safeJson({ text })
    assert.match(json, /^[ -~]+$/)
    assert.deepEqual(JSON.parse(json), { text })
  })
})
