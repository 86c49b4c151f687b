import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { negotiate } from '../../src/platform/i18n/translate.ts'

const SITE = ['en', 'az', 'ru', 'be']

describe('the language of a page', () => {
  const examples: [string, string | undefined, string, string[]?][] = [
    ['the one that the reader asks for', 'az', 'az'],
    ['of whatever country', 'be-BY', 'be'],
    ['in whatever case and spacing', ' RU-ru ; Q=0.9 , en;q=0.1', 'ru'],
    ['the first of several equally wanted', 'ru,en', 'ru'],
    ['the most wanted, whatever the order', 'en;q=0.5, az;q=0.8, ru;q=0.7', 'az'],
    ['the next wanted when the first is not offered', 'de, fr;q=0.9, ru;q=0.2', 'ru'],
    ['never one that is refused', 'az;q=0, ru;q=0.0, be;q=0.1', 'be'],
    ['the first offered when all that is named is refused', 'az;q=0', 'en'],
    ['the first offered for who reads Ukrainian', 'uk-UA,uk', 'az', ['az', 'ru']],
    ['the first offered for who reads Kazakh', 'kk', 'en'],
    ['the first offered for who reads Kyrgyz, Tatar or Tajik', 'ky, tt;q=0.9, tg;q=0.8', 'en'],
    ['the first offered for who reads Belarusian, where that is not', 'be', 'en', ['en', 'ru']],
    ['the first offered for who refuses Russian', 'uk, ru;q=0', 'be', ['be', 'ru']],
    ['Russian for who names it, too', 'uk-UA, uk;q=0.9, ru;q=0.8, en;q=0.7', 'ru'],
    ['the first offered when nothing is asked', undefined, 'en'],
    ['the first offered when anything will do', '*', 'en'],
    ['the first offered when nothing fits', 'de, fr', 'az', ['az', 'be']],
    ['the first offered for nonsense', ';;q=,,=;-', 'en'],
  ]
  for (const [what, header, expected, offered] of examples) {
    it(`is ${what}: ${header} gives ${expected}`, () => {
      assert.equal(negotiate(header, offered ?? SITE), expected)
    })
  }

  it('is one of those offered, whatever the header holds', () => {
    const header = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'azru-,;q=0.9* ') }))
    const offered = fc.shuffledSubarray(SITE, { minLength: 1 })
    fc.assert(
      fc.property(header, offered, (text, languages) => {
        assert.ok(languages.includes(negotiate(text, languages)))
      }),
      { numRuns: 500 },
    )
  })

  it('is found in the first twenty wishes: a header of a megabyte costs no more', () => {
    assert.equal(negotiate(`${'de,'.repeat(19)}ru`, SITE), 'ru')
    assert.equal(negotiate(`${'de,'.repeat(20)}ru`, SITE), 'en')
  })
})
