import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { decodeText, explainEncoding, guessEncoding } from '../../src/platform/files/decode-text.ts'

/** The bytes that a text has in a single-byte encoding, by asking the decoder what each byte means. */
function encode(text: string, label: string): Buffer {
  const decoder = new TextDecoder(label)
  const table = new Map<string, number>()
  for (let byte = 255; byte >= 0; byte--) table.set(decoder.decode(Uint8Array.of(byte)), byte)
  return Buffer.from(
    Array.from(text, (letter) => {
      const byte = table.get(letter)
      assert.ok(byte !== undefined, `${label} has no ${letter}`)
      return byte
    }),
  )
}
const utf16 = (text: string) => Buffer.from(text, 'utf16le')

const RUSSIAN =
  'slogan: "Верните нам чистую реку!"\nsummary: "Завод сливает отходы в реку Ильмень, и №1 виноват — город."\n'
const BELARUSIAN = 'title: "Вызваліце ўсіх палітвязняў"\nwho: "Мы, жыхары Віцебска і Магілёва"\n'
const UKRAINIAN = 'title: "Поверніть нам річку"\nwho: "Мешканці міста Ізюм, їхні сусіди й ґазди"\n'
const TURKISH = 'title: "Irmağımızı geri verin"\nwho: "Şehrin çocukları, öğrencileri ve işçileri"\n'
const GERMAN =
  'title: "Für saubere Flüsse"\nwho: "Bürgerinnen und Bürger der Stadt, groß und klein"\n'
const FRENCH = 'title: "Rendez-nous la rivière"\nwho: "Les élèves du lycée, où tout a commencé"\n'
const POLISH =
  'title: "Oddajcie nam rzekę"\nwho: "Mieszkańcy Łodzi, którzy piją tę wodę źródlaną"\n'

describe('a text file', () => {
  it('in UTF-8 is read as it is, with or without a byte order mark', () => {
    for (const text of [RUSSIAN, TURKISH, '', 'ə 🕊️ \u200d', 'the replacement character �']) {
      assert.equal(decodeText(Buffer.from(text)), text)
      assert.equal(decodeText(Buffer.from(`\ufeff${text}`)), text)
    }
  })

  const encodings: [string, string, string][] = [
    ['WINDOWS-1251', 'windows-1251', RUSSIAN],
    ['WINDOWS-1251', 'windows-1251', BELARUSIAN],
    ['WINDOWS-1251', 'windows-1251', UKRAINIAN],
    [
      'KOI8-R',
      'koi8-r',
      'title: "Верните нам чистую реку"\nwho: "Жители города, которые её пьют"\n',
    ],
    [
      'CP866',
      'ibm866',
      'title: "Верните нам чистую реку"\nwho: "Жители города, которые её пьют"\n',
    ],
    ['ISO-8859-5', 'iso-8859-5', BELARUSIAN],
    ['WINDOWS-1252', 'windows-1252', GERMAN],
    ['WINDOWS-1252', 'windows-1252', FRENCH],
    ['WINDOWS-1254', 'windows-1254', TURKISH],
    ['WINDOWS-1250', 'windows-1250', POLISH],
  ]
  for (const [name, label, text] of encodings) {
    it(`in ${label} is refused and recognised: ${text.slice(0, 30)}…`, () => {
      const bytes = encode(text, label)
      assert.equal(decodeText(bytes), null)
      assert.equal(guessEncoding(bytes), name)
    })
  }

  it('in UTF-16 is refused, even where its bytes would pass for UTF-8', () => {
    const cases: [Buffer, string][] = [
      [Buffer.concat([Buffer.of(0xff, 0xfe), utf16(RUSSIAN)]), 'UTF-16'],
      [Buffer.concat([Buffer.of(0xfe, 0xff), utf16('slug: x').swap16()]), 'UTF-16'],
      [utf16('12,15,99\r\n'), 'UTF-16LE'],
      [utf16('slug: clean-river').swap16(), 'UTF-16BE'],
    ]
    for (const [bytes, name] of cases) {
      assert.equal(decodeText(bytes), null)
      assert.equal(guessEncoding(bytes), name)
    }
  })

  it('that is no text at all gets no name of an encoding', () => {
    const image = Buffer.from('0a89504e470d0a1a0a0000000d', 'hex')
    assert.equal(guessEncoding(image), null)
    const message = explainEncoding(image, 'x.md')
    assert.match(message, /^x\.md is not text in UTF-8 \(first seen in line 2\): save it as UTF-8/)
  })

  it('is explained by name, encoding, line and the command that converts it', () => {
    const bytes = Buffer.concat([Buffer.from('# notes\n\n'), encode(RUSSIAN, 'windows-1251')])
    const message = explainEncoding(bytes, 'ru.md')
    assert.match(
      message,
      /^ru\.md is not UTF-8 but seems to be WINDOWS-1251 \(first seen in line 3\)/,
    )
    assert.match(message, /iconv -f WINDOWS-1251 -t UTF-8 ru\.md > ru\.md\.utf8/)
    assert.doesNotMatch(message, /\n/)
    assert.match(explainEncoding(bytes, null), /^the standard input is not UTF-8 .*-t UTF-8$/)
    assert.match(
      explainEncoding(bytes, "my petition/it's.md"),
      /-t UTF-8 'my petition\/it'\\''s\.md' > 'my petition\/it'\\''s\.md\.utf8'/,
    )
  })

  it('is told the truth about the names that iconv knows, where there is one', () => {
    const iconv = (name: string, input: Buffer) => {
      try {
        return execFileSync('iconv', ['-f', name, '-t', 'UTF-8'], { input }).toString()
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    }
    for (const [name, label, text] of encodings) {
      const converted = iconv(name, encode(text, label))
      assert.ok(converted === null || converted === text, name)
    }
  })
})
