import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  countryCodes,
  countryName,
  isCountry,
  likelyCountries,
  listCountries,
} from '../../src/platform/i18n/countries.ts'
import { languages } from '../../src/platform/i18n/translate.ts'

describe('countries', () => {
  it('are the 249 of ISO 3166-1 and Kosovo, each once', () => {
    assert.equal(countryCodes.length, 250)
    assert.equal(new Set(countryCodes).size, 250)
    for (const code of countryCodes) assert.match(code, /^[A-Z]{2}$/)
  })

  it('are known by capital codes of today only', () => {
    for (const code of ['AZ', 'BY', 'XK', 'TW', 'PS']) assert.ok(isCountry(code), code)
    for (const code of ['', 'az', 'SU', 'EU', 'UK', 'ZZ', 'AZE', 'constructor', '__proto__']) {
      assert.ok(!isCountry(code), code)
    }
  })

  for (const language of languages) {
    it(`all have a name of their own in ${language}, in that language's order`, () => {
      const list = listCountries(language)
      assert.deepEqual(list.map(({ code }) => code).sort(), [...countryCodes].sort())
      const names = list.map(({ name }) => name)
      assert.equal(new Set(names).size, names.length)
      assert.deepEqual(names, [...names].sort(new Intl.Collator(language).compare))
      assert.deepEqual(
        list.filter(({ code, name }) => code === name),
        [],
      )
    })

    it(`has likely ones for readers of ${language}, each once and all real`, () => {
      const likely = likelyCountries(language)
      assert.ok(likely.length > 0)
      assert.equal(new Set(likely).size, likely.length)
      assert.ok(likely.every(isCountry))
    })
  }

  it('are named in the reader’s language', () => {
    assert.equal(countryName('DE', 'en'), 'Germany')
    assert.equal(countryName('DE', 'ru'), 'Германия')
    assert.equal(countryName('AZ', 'az'), 'Azərbaycan')
    assert.equal(countryName('BY', 'be'), 'Беларусь')
  })

  it('that do not exist keep their code', () => assert.equal(countryName('ZZ', 'en'), 'ZZ'))
})
