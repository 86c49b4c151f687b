import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { findNoName } from '../../src/signature/form/find-no-name.ts'
import {
  cleanLine,
  cleanParagraphs,
  findFault,
  hasLink,
  lostCharacter,
} from '../../src/signature/form/person-text.ts'

const unseen: Record<string, string> = {
  NUL: '\0',
  escape: '\x1b',
  delete: '\x7f',
  'zero width space': '\u200b',
  'left-to-right mark': '\u200e',
  'right-to-left mark': '\u200f',
  'Arabic letter mark': '\u061c',
  'left-to-right embedding': '\u202a',
  'pop directional formatting': '\u202c',
  'word joiner': '\u2060',
  'left-to-right isolate': '\u2066',
  'first strong isolate': '\u2068',
  'pop directional isolate': '\u2069',
  'byte order mark': '\ufeff',
  'object replacement': '\ufffc',
  'interlinear annotation': '\ufff9',
  'soft hyphen': '\u00ad',
  'a filler': '\u3164',
  'a joiner between Latin letters': '\u200d',
  'a variation selector behind a letter': '\ufe0f',
  'a tag': '\u{e0041}',
}

describe('what people write', () => {
  for (const [what, character] of Object.entries(unseen)) {
    it(`is the same without ${what}, wherever it was pasted`, () => {
      for (const text of [`a${character}b`, `${character}ab`, `ab${character}`]) {
        assert.equal(cleanLine(text), 'ab')
        assert.equal(cleanParagraphs(text), 'ab')
      }
    })
  }

  it('is mended by its writer where an override turns it round, or a letter was lost', () => {
    for (const override of ['\u202d', '\u202e']) {
      assert.equal(findFault(cleanLine(`Ann${override} Lee`)), 'direction')
      assert.equal(findFault(cleanParagraphs(`Ann${override} Lee`)), 'direction')
    }
    const lost = { '\ufffd': '\ufffd', '\ue000': '\ue000', '\ud83d': '\ufffd' }
    for (const [character, shown] of Object.entries(lost)) {
      const text = cleanLine(`M${character}ller`)
      assert.equal(findFault(text), 'characters')
      assert.equal(lostCharacter(text), shown)
    }
  })

  it('stays as it is in any script, and in pictures', () => {
    for (const text of [
      'Əli Məmmədov',
      'Марыя Каралькова ў',
      'ليلى يونس',
      'می‌خواهم',
      'לילה יונוס',
      'ლეილა',
      'Լեյլա',
      '王小明',
      '葛\u{e0100}城',
      'क्‍षितिज',
      'ශ්‍රී',
      'Nguyễn',
      '👩‍👩‍👧 ❤️ 🇦🇿',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      '🕵🏻‍♂️ 1️⃣ 🏳️‍🌈 👍🏽',
    ]) {
      assert.equal(cleanLine(text), text.normalize('NFC'))
      assert.equal(cleanParagraphs(text), text.normalize('NFC'))
      assert.equal(findFault(text), null, text)
      assert.equal(findNoName(text), null, text)
    }
  })

  it('keeps one joiner of a run, and none at the end of a word that needs none', () => {
    assert.equal(cleanLine('می\u200c\u200cخواهم'), 'می\u200cخواهم')
    assert.equal(cleanLine('خواهم\u200c Ann\u200c'), 'خواهم Ann')
    assert.equal(cleanLine('👩\u200d Ann'), '👩 Ann')
  })

  it('can’t be read when it has marks and signs only', () => {
    for (const text of ['', ' ', '...', '-', '\u0301', '!!!', '⠀']) {
      assert.equal(findNoName(text), 'letters', JSON.stringify(text))
    }
  })

  it('has a link only when it looks like one', () => {
    for (const text of [
      'see http://x',
      'HTTPS:x',
      'www.example.org',
      'WWW.x',
      'ftp://x',
      'ｗｗｗ．x',
      'see http：⁄⁄x',
      'wa。me/1',
    ]) {
      assert.ok(hasLink(text), text)
    }
    for (const text of ['Ann Lee', 'a : b / c', 'wwwonderful', 'Mr. http', 'tg: a'])
      assert.ok(!hasLink(text), text)
  })

  it('on one line has single spaces and composed letters', () => {
    assert.equal(cleanLine('  Ann \u00a0\u3000 Lee\n'), 'Ann Lee')
    assert.equal(cleanLine('Zoe\u0308'), 'Zoë')
    for (const gap of ['\t', '\n', '\r\n', '\u2028', '\u0085', '\v'])
      assert.equal(cleanLine(`Ann${gap}Lee`), 'Ann Lee')
  })

  it('in paragraphs keeps lines and at most one empty line', () => {
    assert.equal(cleanParagraphs(' a \r\n b\t c \r\r\r\n \n \n d \n'), 'a\nb c\n\nd')
    for (const gap of ['\n\n', '\n\n\n', '\n\n\n\n', '\r\n \r\n\t\r\n']) {
      assert.equal(cleanParagraphs(`a${gap}b`), 'a\n\nb', JSON.stringify(gap))
    }
  })

  const messy = fc.string({
    unit: fc.constantFrom(
      ...'ae\u0308 \u00a0\u2003\t\n\r\u0301é1\u20e3\u200b\u200c\u200d\ufe0e\ufe0f\u0085\u00ad\u202e',
      ...'بक\u094d👩🏽🏴葛\u{e0100}\u{e0067}\u{e007f}ᠠ\u180b',
    ),
  })
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
    const letters = (text: string) =>
      text
        .normalize('NFC')
        .replace(/[^\p{L}\p{N}\p{S}\p{P}]|\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffc]/gu, '')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(letters(cleanLine(text)), letters(text))
        assert.equal(letters(cleanParagraphs(text)), letters(text))
      }),
    )
  })

  it('a pile of marks on one letter is refused; what scripts need is not', () => {
    assert.equal(findFault(`a${'\u0301'.repeat(40)}`), 'marks')
    assert.equal(findFault('נְבֻכַדְנֶאצַּר الرَّحْمٰنِ นี้'), null)
  })
})
