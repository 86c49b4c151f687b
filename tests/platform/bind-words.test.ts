import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bindWords } from '../../src/platform/i18n/bind-words.ts'
import { formatBytes, formatDate, formatPartialDate } from '../../src/platform/i18n/format.ts'
import { languages, translator } from '../../src/platform/i18n/translate.ts'

/** Shown with "_" where no line may end. */
const bound = (text: string, language: string) =>
  bindWords(text, language).replaceAll('\u00a0', '_')

describe('words that belong on one line', () => {
  it('stay there: abbreviations, short words, numbers with what they count, in Cyrillic', () => {
    assert.equal(bound('С 3 мая 2025 г. в силе', 'ru'), 'С_3_мая 2025_г. в_силе')
    assert.equal(bound('Да 12 гадзін і з адраса', 'be'), 'Да_12_гадзін і_з_адраса')
    assert.equal(bound('слово — и дело', 'ru'), 'слово_— и_дело')
    assert.equal(bound('около 5 млн руб. и «в доме»', 'ru'), 'около 5_млн_руб. и_«в_доме»')
  })

  it('in Azerbaijani a number and its noun; in English a number and the symbol of its unit', () => {
    assert.equal(bound('14 gündən sonra', 'az'), '14_gündən sonra')
    assert.equal(
      bound('About 3 MB in 14 days at 09:30 UTC', 'en'),
      'About 3_MB in 14 days at 09:30_UTC',
    )
    assert.equal(bound('3 kB', 'fr'), '3_kB')
  })

  it('no longer word is taken for a short one, and no address or name of a placeholder is touched', () => {
    for (const text of [
      'дело в',
      'слово-и дело',
      'https://example.org/в/а',
      'наши дома',
      'имя {{name}} тут',
    ]) {
      assert.equal(bound(text, 'ru'), text)
    }
    assert.equal(
      bound('{{count, number}} дней с {{date}}', 'ru'),
      '{{count, number}}_дней с_{{date}}',
    )
    assert.equal(bound('x', '__proto__'), 'x')
  })

  it('binding twice changes nothing more', () => {
    const once = bindWords('С 3 мая 2025 г. в силе', 'ru')
    assert.equal(bindWords(once, 'ru'), once)
  })

  it('no date and no string of the site lets “г.” or a preposition end a line', () => {
    const day = new Date('2025-05-03T12:00:00Z')
    for (const language of ['ru', 'be', 'az']) {
      const dates = [formatDate(day, language), formatPartialDate('2025-05-03', language)]
      for (const date of [...dates, formatPartialDate('2025-05', language)]) {
        assert.doesNotMatch(date, /\d \p{L}| г\./u, `${language}: ${date}`)
      }
    }
    for (const language of languages.filter((each) => each === 'ru' || each === 'be')) {
      const t = translator(language)
      const texts = [
        t('petition.upcoming.text', { date: formatDate(day, language) }),
        t('checkEmail.erased', { count: 14 }),
        t('verify.recompute.text', { download: formatBytes(2_500_000, language) }),
        t('form.next'),
      ]
      for (const text of texts) {
        assert.doesNotMatch(text, /(^|[\s«(])[вксуоиаўізў] |\d \p{L}| г\./iu, text)
      }
    }
  })
})
