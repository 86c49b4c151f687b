import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fitDigits, fitValue, oneFullStop } from '../../src/platform/i18n/fit-value.ts'
import { formatDate } from '../../src/platform/i18n/format.ts'
import { languages, translator } from '../../src/platform/i18n/translate.ts'

const isolated = (text: string) => `\u2068${text}\u2069`

describe('a value in a sentence', () => {
  it('stands apart where its letters run the other way, and only there', () => {
    assert.equal(fitValue('Margaret O’Neill', 'fa'), isolated('Margaret O’Neill'))
    assert.equal(fitValue('a@example.org', 'fa'), isolated('a@example.org'))
    assert.equal(fitValue('شیرین Margaret', 'en'), isolated('شیرین Margaret'))
    assert.equal(fitValue('شیرین', 'fa'), 'شیرین')
    assert.equal(fitValue('2026-01-02 03:04', 'fa'), isolated('2026-01-02 03:04'))
    assert.equal(fitValue('2026-01-02 03:04', 'ru'), '2026-01-02 03:04')
    assert.equal(fitValue('Əli', 'en'), 'Əli')
    assert.equal(fitValue('۱۲', 'en'), isolated('۱۲'))
  })

  it('is an address of the web without a mark that programs would take for a part of it', () => {
    assert.equal(fitValue('https://example.org/fa/s/x', 'fa'), 'https://example.org/fa/s/x')
  })

  it('is a number in the language’s digits, in strings without a format, too', () => {
    assert.equal(fitValue(12, 'fa'), '۱۲')
    assert.equal(fitDigits('09:30', 'fa'), '۰۹:۳۰')
    assert.equal(fitDigits('09:30', 'ka'), '09:30')
    assert.match(translator('fa')('petition.version', { number: 12, date: 'x' }), /۱۲/)
  })

  it('that ends with a full stop ends the sentence with it', () => {
    assert.equal(oneFullStop('от 3 мая 2025 г..'), 'от 3 мая 2025 г.')
    assert.equal(oneFullStop('wait...'), 'wait...')
    const date = new Date('2025-05-03T12:00:00Z')
    for (const language of languages) {
      const said = translator(language)('petition.oldVersion', {
        number: 2,
        date: formatDate(date, language),
      })
      assert.doesNotMatch(said, /\.\./, language)
    }
  })
})
