import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { unsealFates } from '../../../src/offline/unseal/findings.ts'
import type { LineOutcome } from '../../../src/offline/unseal/open-records.worker.ts'
import { createReport } from '../../../src/offline/unseal/report.ts'
import { createSeenBefore, fingerprint } from '../../../src/offline/unseal/seen-before.ts'
import { showProgress } from '../../../src/platform/terminal/show-progress.ts'
import { listedRecord } from '../../support/sealed-export.ts'

const fates = unsealFates({ includeMismatched: false })
const make = (announced: number) => createReport({ announced, includeMismatched: false, fates })

const opened = (id: string, normalisedEmail = `${id}@example.org`): LineOutcome => ({
  number: Number(id) + 1,
  outcome: 'opened',
  id,
  index: null,
  record: listedRecord({ id, normalisedEmail }),
  resealed: null,
})
const failed = (id: string, outcome: 'damaged' | 'other keys'): LineOutcome => ({
  number: Number(id) + 1,
  outcome,
  id,
  index: null,
  record: null,
  resealed: null,
})

describe('the report', () => {
  it('lists the first hundred of a kind and counts the others', () => {
    const report = make(250)
    for (let id = 1; id <= 250; id++) report.take(failed(String(id), 'damaged'))
    const [line, ...others] = report.tell()
    assert.deepEqual(others, [])
    assert.match(line!, /^250 damaged, left out: 1, 2, .*, 100 and 150 more$/)
    assert.equal(report.counts().problems, 250)
  })

  it('tells records that nobody announced', () => {
    const report = make(1)
    report.take(opened('1'))
    report.take(opened('2'))
    assert.deepEqual(report.tell(), ["1 more than the file's first line says"])
    assert.deepEqual(report.counts(), { lines: 2, opened: 2, written: 2, problems: 1 })
  })

  it('keeps an address that signed before, and not the same record twice', () => {
    const report = make(3)
    assert.ok(report.take(opened('1', 'a@example.org')))
    assert.ok(report.take(opened('2', 'a@example.org')))
    assert.equal(report.take(opened('1', 'a@example.org')), null)
    assert.deepEqual(report.tell(), [
      '1 with an address that signed before, kept: 2',
      '1 there twice, the second left out: 1',
    ])
  })
})

describe('what was seen before', () => {
  it('is told exactly for numbers, however many and however large', () => {
    const seen = createSeenBefore()
    const numbers = [0n, 1n, 2n ** 64n - 1n, 9_999_999_999_999_999_999n]
    for (let number = 1000n; number < 60_000n; number += 3n) numbers.push(number)
    for (const number of numbers) assert.equal(seen(number), false)
    for (const number of numbers) assert.equal(seen(number), true)
    assert.equal(seen(1001n), false)
  })

  it('is told for texts', () => {
    const seen = createSeenBefore()
    for (let at = 0; at < 5000; at++) assert.equal(seen(fingerprint(`${at}@example.org`)), false)
    for (let at = 0; at < 5000; at++) assert.equal(seen(fingerprint(`${at}@example.org`)), true)
  })
})

describe('progress', () => {
  function watch(isTTY: boolean) {
    let text = ''
    let time = 0
    const stream = { isTTY, write: (more: string) => (text += more) }
    const progress = showProgress(2_000_000, stream, () => time)
    return { progress, at: (ms: number) => (time = ms), text: () => text }
  }

  it('is a bar on a terminal, with rate and time left, and leaves the line clean', () => {
    const { progress, at, text } = watch(true)
    progress.add(10)
    assert.equal(text(), '')
    at(100_000)
    progress.add(499_990)
    assert.equal(
      text(),
      '\r██████░░░░░░░░░░░░░░░░░░ 25 %, 500,000 of 2,000,000, 5,000/s, 5 min left',
    )
    progress.end()
    assert.match(text(), /\r {60,}\r$/)
  })

  it('is a line now and then in a log', () => {
    const { progress, at, text } = watch(false)
    for (let second = 1; second <= 12; second++) {
      at(second * 1000)
      progress.add(1000)
    }
    progress.end()
    assert.deepEqual(text().trimEnd().split('\n'), [
      '0 %, 5,000 of 2,000,000, 1,000/s, 33 min left',
      '0 %, 10,000 of 2,000,000, 1,000/s, 33 min left',
    ])
  })
})
