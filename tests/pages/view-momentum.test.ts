import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { viewMomentum } from '../../src/pages/petition/view-momentum.ts'
import { DAY } from '../../src/platform/clock.ts'

const NOW = new Date('2024-11-11T22:30:00Z')

/** @param numbers of the last days, today's last */
const rows = (...numbers: number[]) =>
  numbers.map((signatures, index) => ({
    key: new Date(NOW.getTime() - (numbers.length - 1 - index) * DAY).toISOString().slice(0, 10),
    signatures,
  }))
const view = (given: { key: string; signatures: number }[], goals = [100, 500]) =>
  viewMomentum(given, goals, { now: NOW, language: 'en' })

describe('what moved lately', () => {
  it('counts seven days, today among them', () => {
    assert.equal(view(rows(1000, 1, 2, 3, 4, 5, 6, 7)).recent, 28)
  })

  it('says nothing of few, nor of all that there are', () => {
    assert.equal(view(rows(1000, 0, 0, 0, 0, 0, 2, 2)).recent, 0)
    assert.equal(view(rows(12, 30)).recent, 0)
    assert.equal(view([]).recent, 0)
  })

  it('draws a bar for each day of thirty, and none where nobody signed', () => {
    const { days } = view(rows(...Array(40).fill(0), 10, 0, 5))
    assert.equal(days!.rows.length, 30)
    assert.equal(days!.rows.at(-1)!.signatures, '5')
    assert.equal(days!.path, 'M270 32v-32h8V32zM290 32v-16h8V32z')
  })

  it('draws nothing before there are two days to compare', () => {
    assert.equal(view(rows(5)).days, null)
    assert.equal(view(rows(...Array(31).fill(3), ...Array(30).fill(0))).days, null)
  })

  it('a day with one signature is seen beside a day with a million', () => {
    assert.match(view(rows(1, 1_000_000)).days!.path, /^M280 32v-1\.5h8V32z/)
  })

  it('names the highest goal that was reached, and its day', () => {
    const reached = view(rows(60, 60, 300, 79, 1, 20)).milestone!
    assert.equal(reached.number, '500')
    assert.equal(reached.datetime, '2024-11-10')
    assert.equal(view(rows(60, 39)).milestone, null)
    assert.equal(view(rows(1900, 200)).milestone!.number, '2,000', 'the last one doubled')
  })
})
