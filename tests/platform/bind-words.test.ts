import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { headline } from '../../src/pages/petition-page-part.ts'
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
    assert.equal(bound('3 kB', 'hy'), '3_kB')
  })

  it('in Polish and Ukrainian words of one letter or two; in Persian numbers of its own digits', () => {
    assert.equal(bound('W domu i z adresu', 'pl'), 'W_domu i_z_adresu')
    assert.equal(bound('Та й у листі від 5 р. до нас', 'uk'), 'Та_й_у_листі від 5_р. до_нас')
    assert.equal(bound('۱۴ روز پس از آن', 'fa'), '۱۴_روز پس از آن')
  })

  it('in French marks that stand off the word, and what quotation marks hold, by a narrow space', () => {
    const narrow = bindWords('Pourquoi ? « Oui » : voilà ; non !', 'fr')
    assert.equal(narrow.replaceAll('\u202f', '_'), 'Pourquoi_? «_Oui_»_: voilà_; non_!')
    assert.equal(bindWords('a :b https://x.example/a ?q', 'fr'), 'a :b https://x.example/a ?q')
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
    for (const language of languages.filter((each) => each !== 'en' && each !== 'fa')) {
      const dates = [formatDate(day, language), formatPartialDate('2025-05-03', language)]
      for (const date of [...dates, formatPartialDate('2025-05', language)]) {
        assert.doesNotMatch(date, /\d \p{L}| [гр]\./u, `${language}: ${date}`)
      }
    }
    for (const language of languages.filter((each) => ['ru', 'be', 'uk'].includes(each))) {
      const t = translator(language)
      const texts = [
        t('petition.upcoming.text', { date: formatDate(day, language) }),
        t('checkEmail.erased', { count: 14 }),
        t('verify.recompute.text', { download: formatBytes(2_500_000, language) }),
        t('form.next'),
      ]
      for (const text of texts) {
        assert.doesNotMatch(text, /(^|[ «(])[вксуоиаўізй] |\d \p{L}| [гр]\./iu, text)
      }
    }
  })
})

it('a headline keeps a number together with what a hyphen joins to it', () => {
  assert.equal(headline('No to COP-29!', 'en').replaceAll('\u2060', '~'), 'No to COP~-~29!')
  assert.equal(headline('COP-29-ით', 'ka').replaceAll('\u2060', '~'), 'COP~-~29~-~ით')
  assert.equal(headline('A well-known river', 'en').includes('\u2060'), false)
})
