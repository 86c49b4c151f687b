import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  cleanLine,
  cleanParagraphs,
  hasHarmfulCharacters,
  hasHarmfulInParagraphs,
  hasLink,
  isReadable,
} from '../../src/signature/form/person-text.ts'

const harmful: Record<string, string> = {
  NUL: '\0',
  'a line break': '\n',
  'a tab': '\t',
  escape: '\x1b',
  delete: '\x7f',
  'next line': '\x85',
  'line separator': '\u2028',
  'paragraph separator': '\u2029',
  'zero width space': '\u200b',
  'left-to-right mark': '\u200e',
  'right-to-left mark': '\u200f',
  'Arabic letter mark': '\u061c',
  'left-to-right embedding': '\u202a',
  'right-to-left override': '\u202e',
  'pop directional formatting': '\u202c',
  'word joiner': '\u2060',
  'left-to-right isolate': '\u2066',
  'right-to-left isolate': '\u2067',
  'pop directional isolate': '\u2069',
  'byte order mark': '\ufeff',
  'interlinear annotation': '\ufff9',
  'replacement character': '\ufffd',
  'a tag': '\u{e0041}',
  'private use': '\ue000',
  'half a surrogate pair': '\ud83d',
}

describe('what people write', () => {
  for (const [what, character] of Object.entries(harmful)) {
    it(`harms with ${what} in it`, () => {
      assert.ok(hasHarmfulCharacters(`a${character}b`))
      const isLayout = character === '\n' || character === '\t'
      assert.equal(hasHarmfulInParagraphs(`a${character}b`), !isLayout)
    })
  }

  it('does no harm in any script', () => {
    for (const text of [
      'Əli Məmmədov',
      'Марыя Каралькова ў',
      'ليلى يونس',
      'می‌خواهم',
      'לילה יונוס',
      'ლეილა',
      'Լեյլա',
      '王小明',
      'क्‍षितिज',
      'Nguyễn',
      '👩‍👩‍👧 ❤️ 🇦🇿',
    ]) {
      assert.equal(hasHarmfulCharacters(text), false, text)
      assert.equal(isReadable(text), true, text)
    }
  })

  it('can’t be read when it has marks, joiners, fillers and signs only', () => {
    for (const text of [
      '',
      ' ',
      '...',
      '-',
      '\u0301',
      '\u200d\u200c',
      '\u3164',
      '\uffa0',
      '\u115f\u1160',
      '⠀',
    ]) {
      assert.equal(isReadable(text), false, JSON.stringify(text))
    }
  })

  it('has a link only when it looks like one', () => {
    for (const text of ['see http://x', 'HTTPS:x', 'www.example.org', 'WWW.x', 'ftp://x']) {
      assert.ok(hasLink(text), text)
    }
    for (const text of ['Ann Lee', 'a : b / c', 'wwwonderful', 'Mr. http'])
      assert.ok(!hasLink(text), text)
  })

  it('on one line has single spaces and composed letters', () => {
    assert.equal(cleanLine('  Ann \u00a0\u3000 Lee\n'), 'Ann Lee')
    assert.equal(cleanLine('Zoe\u0308'), 'Zoë')
    assert.equal(cleanLine('a\tb'), 'a\tb', 'a tab stays, to be refused')
  })

  it('in paragraphs keeps lines and at most one empty line', () => {
    assert.equal(cleanParagraphs(' a \r\n b\t c \r\r\r\n \n \n d \n'), 'a\nb c\n\nd')
    for (const gap of ['\n\n', '\n\n\n', '\n\n\n\n', '\r\n \r\n\t\r\n']) {
      assert.equal(cleanParagraphs(`a${gap}b`), 'a\n\nb', JSON.stringify(gap))
    }
  })

  const messy = fc.string({ unit: fc.constantFrom(...'ae\u0308 \u00a0\u2003\t\n\r\u0301é') })
  it('once clean is clean for good', () => {
    fc.assert(
      fc.property(fc.oneof(messy, fc.string({ unit: 'binary' })), (text) => {
        assert.equal(cleanLine(cleanLine(text)), cleanLine(text))
        assert.equal(cleanParagraphs(cleanParagraphs(text)), cleanParagraphs(text))
      }),
      { numRuns: 1000 },
    )
  })

  it('loses no letter by being cleaned', () => {
    const letters = (text: string) => text.normalize('NFC').replace(/[\s\p{Z}\ufeff]/gu, '')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(letters(cleanLine(text)), letters(text))
        assert.equal(letters(cleanParagraphs(text)), letters(text))
      }),
    )
  })

  it('a pile of marks on one letter is refused; what scripts need is not', () => {
    assert.ok(hasHarmfulCharacters(`a${'\u0301'.repeat(40)}`))
    assert.ok(!hasHarmfulCharacters('נְבֻכַדְנֶאצַּר الرَّحْمٰنِ นี้'))
  })
})
