import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { ownModule } from '../support/own-module.ts'

/** A name that the compiler doesn't follow: what it leads to is checked with a browser's types. */
const STRINGS_FILE = '../../src/offline/unsealing-page/client/strings.ts'

interface Strings {
  bestLanguage(preferred: readonly string[]): string
  countryName(code: string): string
}

describe('the unsealing page', () => {
  let strings: Strings
  before(async () => {
    const LANGUAGES = ['en', 'az', 'ru', 'be'].map((tag) => ({ tag, name: tag }))
    // The build puts them in.
    const document = { documentElement: { lang: 'en' } }
    Object.assign(globalThis, { LANGUAGES, STRINGS: {}, document })
    strings = (await import(ownModule(STRINGS_FILE).path)) as Strings
  })

  it('speaks a language that its reader named, else English: no other is taken for kin', () => {
    for (const [preferred, spoken] of [
      [['uk-UA', 'uk'], 'en'],
      [['kk', 'ky', 'tt'], 'en'],
      [['uk', 'ru-RU'], 'ru'],
      [['be-BY', 'ru'], 'be'],
      [['constructor', '__proto__', 'toString', 'az'], 'az'],
      [[], 'en'],
    ] as const) {
      assert.equal(strings.bestLanguage(preferred), spoken, preferred.join())
    }
  })

  it('shows a code that is no country as it stands in the export', () => {
    assert.equal(strings.countryName('DE'), 'Germany')
    for (const code of ['constructor', '__proto__', 'valueOf', 'hasOwnProperty', '']) {
      assert.equal(strings.countryName(code), code)
    }
  })
})
