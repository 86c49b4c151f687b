import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  countEntry,
  countOf,
  createCounter,
  listCounted,
} from '../../../src/log/core/entry/count-entries.ts'
import type { InvalidEntry, LogEntry } from '../../../src/log/core/entry/entry.ts'

const sign = (slug: string): LogEntry => ({
  kind: 'sign',
  slug,
  hour: '2024-11-11T09Z',
  commitment: 'x',
})
const withdraw = (slug: string, index: number): LogEntry => ({ kind: 'withdraw', slug, index })
const takeOut = (slug: string, index: number): LogEntry => ({
  ...{ kind: 'void', slug, index },
  reason: 'bot',
})
const invalid: InvalidEntry = { kind: 'invalid', problem: 'malformed' }

function countAll(entries: (LogEntry | InvalidEntry)[]) {
  const counter = createCounter()
  const effects = entries.map((entry) => countEntry(counter, entry))
  return { counter, effects }
}

describe('the count', () => {
  it('is a petition’s signatures less those that were withdrawn or voided', () => {
    const { counter, effects } = countAll([
      ...[sign('a'), sign('b'), sign('a'), sign('a')],
      ...[withdraw('a', 0), takeOut('a', 3)],
    ])
    assert.deepEqual(effects.slice(4), ['taken-out', 'taken-out'])
    assert.equal(countOf(counter, 'a'), 1)
    assert.equal(countOf(counter, 'b'), 1)
    assert.equal(countOf(counter, 'c'), 0)
    assert.equal(countOf(counter, '__proto__'), 0)
    assert.deepEqual(listCounted(counter, 'a'), [2])
    assert.deepEqual(listCounted(counter, 'c'), [])
  })

  it('is not changed by signatures that were turned away before they counted, whose number is known', () => {
    const turnedAway = (slug: string, number: number): LogEntry => ({
      ...{ kind: 'turned-away', slug, number },
      reason: 'bot',
    })
    const { counter, effects } = countAll([turnedAway('a', 3), sign('a'), turnedAway('a', 4)])
    assert.deepEqual(effects, ['noted', 'counted', 'noted'])
    assert.equal(countOf(counter, 'a'), 1)
    assert.equal(counter.petitions.get('a')!.turnedAway, 7)
    assert.deepEqual(listCounted(counter, 'a'), [1])
  })

  it('is not changed by signatures on paper, whose number the organisers say', () => {
    const paper = (slug: string, number: number): LogEntry => ({
      ...{ kind: 'paper', slug, number },
      hash: 'A'.repeat(43).concat('='),
    })
    const { counter, effects } = countAll([paper('a', 300), sign('a'), paper('a', 20)])
    assert.deepEqual(effects, ['noted', 'counted', 'noted'])
    assert.equal(countOf(counter, 'a'), 1)
    assert.equal(counter.petitions.get('a')!.paper, 320)
    assert.deepEqual(listCounted(counter, 'a'), [1])
  })

  it('is not changed by signatures from other sites, of which the last number stands', () => {
    const imported = (number: number): LogEntry => ({
      ...{ kind: 'imported', slug: 'a', number },
      hash: 'A'.repeat(43).concat('='),
    })
    const { counter, effects } = countAll([imported(300), sign('a'), imported(295)])
    assert.deepEqual(effects, ['noted', 'counted', 'noted'])
    assert.equal(countOf(counter, 'a'), 1)
    assert.equal(counter.petitions.get('a')!.imported, 295)
  })

  it('takes an index out once, however often and by whomever it is named', () => {
    const { counter, effects } = countAll([
      ...[sign('a'), sign('a'), withdraw('a', 0), withdraw('a', 0), takeOut('a', 0)],
    ])
    assert.deepEqual(effects.slice(3), ['already-taken-out', 'already-taken-out'])
    assert.equal(countOf(counter, 'a'), 1)
  })

  it('withdraws or voids only an earlier signature of the same petition', () => {
    const { counter, effects } = countAll([
      ...[sign('a'), sign('b')],
      ...[withdraw('a', 1), withdraw('b', 0), withdraw('c', 0)],
      ...[withdraw('a', 5), withdraw('a', 6), withdraw('a', 2), withdraw('a', 2 ** 52)],
      ...[sign('a'), sign('a'), invalid],
    ])
    assert.deepEqual(effects.slice(2, 9), Array(7).fill('no-such-signature'))
    assert.equal(effects.at(-1), 'invalid')
    assert.equal(countOf(counter, 'a'), 3)
    assert.equal(countOf(counter, 'b'), 1)
  })

  it('passes by what is only noted', () => {
    const { effects } = countAll([
      { kind: 'recipients', slug: 'a', hash: 'x' },
      { kind: 'text', slug: 'a', language: 'en', version: 1, hash: 'x' },
    ])
    assert.deepEqual(effects, ['noted', 'noted'])
  })

  it('follows the rule whatever the log holds', () => {
    const slug = fc.constantFrom('a', 'b', 'c')
    const index = fc.nat(60)
    const entry = fc.oneof(
      { weight: 3, arbitrary: slug.map(sign) },
      { weight: 1, arbitrary: fc.tuple(slug, index).map(([s, i]) => withdraw(s, i)) },
      { weight: 1, arbitrary: fc.tuple(slug, index).map(([s, i]) => takeOut(s, i)) },
      { weight: 1, arbitrary: fc.constant(invalid) },
    )
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 80 }), (entries) => {
        const { counter } = countAll(entries)
        for (const petition of ['a', 'b', 'c']) {
          const counted = countedByDefinition(entries, petition)
          assert.equal(countOf(counter, petition), counted.length)
          assert.deepEqual(listCounted(counter, petition), counted)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('keeps its numbers when there are more petitions than two bytes can tell', () => {
    const counter = createCounter()
    for (let number = 0; number < 70_000; number++) countEntry(counter, sign(`p${number}`))
    for (let number = 0; number < 70_000; number++) countEntry(counter, sign(`p${number}`))
    assert.equal(countEntry(counter, withdraw('p69999', 69_999)), 'taken-out')
    assert.equal(countEntry(counter, withdraw('p4463', 69_999)), 'no-such-signature')
    assert.deepEqual(
      ['p0', 'p4463', 'p69998', 'p69999'].map((slug) => countOf(counter, slug)),
      [2, 2, 2, 1],
    )
    assert.deepEqual(listCounted(counter, 'p69999'), [139_999])
  })

  it('of a million entries takes a few megabytes', () => {
    const counter = createCounter()
    const entry = sign('a')
    for (let index = 0; index < 1_000_000; index++) countEntry(counter, entry)
    assert.equal(countOf(counter, 'a'), 1_000_000)
    assert.ok(counter.signs.byteLength + counter.takenOut.byteLength < 2.5e6)
  })
})

function countedByDefinition(entries: (LogEntry | InvalidEntry)[], slug: string): number[] {
  const isSign = (index: number) => {
    const entry = entries[index]
    return entry?.kind === 'sign' && entry.slug === slug
  }
  const out = new Set<number>()
  for (const [at, entry] of entries.entries()) {
    if (entry.kind !== 'withdraw' && entry.kind !== 'void') continue
    if (entry.slug === slug && entry.index < at && isSign(entry.index)) out.add(entry.index)
  }
  return [...entries.keys()].filter((index) => isSign(index) && !out.has(index))
}
