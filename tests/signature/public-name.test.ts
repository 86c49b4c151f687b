import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { publicName } from '../../src/signature/shown/public-name.ts'

const initials = (name: string, language = 'en') => publicName(name, 'initials', language)

describe('the name in public', () => {
  it('is nothing for a signer who stays hidden', () => {
    fc.assert(
      fc.property(fc.string(), (name) => assert.equal(publicName(name, 'hidden', 'en'), null)),
    )
  })

  it('is the name as written for a signer who shows it', () => {
    fc.assert(
      fc.property(fc.string(), (name) => assert.equal(publicName(name, 'name', 'az'), name)),
    )
  })

  const examples: [string, string, string, string][] = [
    ['Latin', 'Leyla Yunus', 'en', 'L. Y.'],
    ['Azerbaijani', 'Əli Məmmədov', 'az', 'Ə. M.'],
    ['Russian', 'мария колесникова', 'ru', 'М. К.'],
    ['Belarusian', 'Ўладзімір Іваноў', 'be', 'Ў. І.'],
    ['Armenian', 'Լեյլա Հովհաննիսյան', 'en', 'Լ. Հ.'],
    ['Georgian, which has no capitals in names', 'ნინო ბერიძე', 'en', 'ნ. ბ.'],
    ['Arabic', 'ليلى يونس', 'en', 'ل. ي.'],
    ['Hebrew', 'לילה יונוס', 'en', 'ל. י.'],
    ['Devanagari, whose vowel sign stays on its letter', 'निधि शर्मा', 'en', 'नि. श.'],
    ['Chinese, written without spaces', '王小明', 'en', '王.'],
  ]
  for (const [script, name, language, expected] of examples) {
    it(`has initials in ${script}`, () => assert.equal(initials(name, language), expected))
  }

  it('has the dotted capital İ for an i on an Azerbaijani page only', () => {
    assert.equal(initials('ilham əliyev', 'az'), 'İ. Ə.')
    assert.equal(initials('ilham əliyev', 'en'), 'I. Ə.')
    assert.equal(initials('ırmaq', 'az'), 'I.')
  })

  it('counts both halves of a hyphenated name, whatever the hyphen', () => {
    assert.equal(initials('Anna-Maria Lee'), 'A. M. L.')
    assert.equal(initials('Anna\u2011Maria Lee'), 'A. M. L.')
  })

  it('keeps combined letters whole', () => {
    assert.equal(initials('e\u0301mile n\u0303u\u0301'), 'É. Ñ.'.normalize('NFD'))
  })

  it('passes over quotes, brackets and pictures to the first letter', () => {
    assert.equal(initials('(leyla) “yunus” 🌹 🌹rosa'), 'L. Y. R.')
  })

  it('passes over what counts as a letter and shows nothing', () => {
    assert.equal(initials('\u{13441}\u{13442} Ann \u0640Lee'), 'A. L.')
    assert.equal(initials('\u{13441}'), null)
  })

  it('has at most four', () => assert.equal(initials('a b c d e f'), 'A. B. C. D.'))

  it('has none when no letter is there: then nothing is shown', () => {
    for (const name of ['🌹', '🌹 ❤️', '- -']) assert.ok(!initials(name))
  })

  it('never gives more of a name away than the start of each part', () => {
    const word = fc.stringMatching(/^[A-ZƏЖ][a-zəж]{1,9}$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const expected = words.slice(0, 4).map((part) => `${part[0]}.`)
        assert.equal(initials(words.join(' ')), expected.join(' '))
      }),
    )
  })
})
