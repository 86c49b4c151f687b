import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  formatBytes,
  formatDate,
  formatMoment,
  formatNumber,
  formatPartialDate,
} from '../../src/platform/i18n/format.ts'

/** The kind of space in a number or date is the business of the language data, and changes with it. */
const plain = (text: string) => text.replace(/\p{Zs}/gu, ' ')

describe('numbers and dates in words', () => {
  it('are written as the language writes them', () => {
    assert.equal(formatNumber(1234567, 'en'), '1,234,567')
    assert.equal(plain(formatNumber(1234567, 'ru')), '1 234 567')
    assert.equal(formatNumber(1234567, 'az'), '1.234.567')
    const day = new Date('2024-02-11T12:00:00Z')
    assert.equal(formatDate(day, 'en'), '11 February 2024')
    assert.equal(plain(formatDate(day, 'ru')), '11 февраля 2024 г.')
    assert.equal(plain(formatDate(day, 'az')), '11 fevral 2024')
    assert.match(plain(formatDate(day, 'be')), /^11 лютага 2024/)
  })

  it('begin a French month with its one ordinal, and are Persian in digits and calendar', () => {
    const first = new Date('2024-03-01T12:00:00Z')
    assert.equal(plain(formatDate(first, 'fr')), '1er mars 2024')
    assert.equal(plain(formatDate(new Date('2024-03-11T12:00:00Z'), 'fr')), '11 mars 2024')
    assert.equal(plain(formatDate(first, 'fa')), '۱۱ اسفند ۱۴۰۲')
    assert.equal(formatNumber(1234567, 'fa'), '۱٬۲۳۴٬۵۶۷')
    assert.match(formatMoment(first, 'fa', 'Z'), /ساعت ۱۲:۰۰/)
    // A month of the Gregorian calendar is no month of the Persian one.
    assert.equal(plain(formatPartialDate('2024-02', 'fa')), 'فوریهٔ ۲۰۲۴')
    assert.equal(plain(formatBytes(2_500_000, 'fa')), '۲٫۵ مگابایت')
  })

  it('say how much a download is, in the unit that fits', () => {
    const sizes = { 0: '0 kB', 791: '1 kB', 8000: '8 kB', 11300: '12 kB', 999000: '999 kB' }
    for (const [bytes, text] of Object.entries(sizes)) {
      assert.equal(plain(formatBytes(Number(bytes), 'en')), text)
    }
    assert.equal(plain(formatBytes(1_130_001, 'en')), '1.2 MB')
    assert.equal(plain(formatBytes(113_000_000, 'en')), '113 MB')
    assert.equal(plain(formatBytes(1_130_000_000, 'en')), '1.2 GB')
    assert.equal(plain(formatBytes(1_130_000, 'ru')), '1,2 МБ')
    assert.equal(plain(formatBytes(7 * 113, 'be')), '1 КБ')
    assert.equal(plain(formatBytes(2_000_000, 'az')), '2 MB')
  })

  it('give each language its own, in whatever order they are asked', () => {
    const before = ['en', 'ru', 'az'].map((language) => formatNumber(12345, language))
    const after = ['az', 'ru', 'en'].map((language) => formatNumber(12345, language)).reverse()
    assert.deepEqual(after, before)
  })

  it('say the day in UTC, so that the page is the same for everyone', () => {
    assert.equal(formatDate(new Date('2024-02-11T23:59:59Z'), 'en'), '11 February 2024')
    assert.equal(formatDate(new Date('2024-02-12T00:00:00Z'), 'en'), '12 February 2024')
    assert.equal(formatPartialDate('2024-01-01', 'en'), '1 January 2024')
  })

  it('say no more of a source’s date than is known', () => {
    assert.equal(formatPartialDate('2024', 'en'), '2024')
    assert.equal(formatPartialDate('2024-02', 'en'), 'February 2024')
    assert.equal(formatPartialDate('2024-02-11', 'en'), '11 February 2024')
    assert.match(plain(formatPartialDate('2024-02', 'ru')), /^февраль 2024/)
  })
})
