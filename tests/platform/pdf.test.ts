import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inflateSync } from 'node:zlib'
import type { Block } from '../../src/platform/pdf/blocks.ts'
import type { Font } from '../../src/platform/pdf/fonts.ts'
import { levelsOf, orderRuns } from '../../src/platform/pdf/order-runs.ts'
import { wrapLines } from '../../src/platform/pdf/wrap-lines.ts'
import { writePdf } from '../../src/platform/pdf/write-pdf.ts'

const LATIN: Font = { name: 'latin', has: (letter) => letter < '\u0600' || letter > '\u06ff' }
const ARABIC: Font = { name: 'arabic', has: (letter) => /[ \u0600-\u06ff]/.test(letter) }
const fonts = [LATIN, ARABIC]
const seen = (text: string, direction: 'ltr' | 'rtl') =>
  orderRuns(levelsOf(text, direction), fonts, { start: 0, end: text.length })

const write = (language: string, ...blocks: Block[]) =>
  writePdf({
    title: 'A title',
    author: 'Somebody',
    made: new Date('2024-11-20'),
    sections: [{ language, blocks, footer: (page, pages) => `${page}/${pages}` }],
  })

describe('a line', () => {
  it('has its runs in the order in which they are seen', () => {
    const words = seen('سلام COP29 دنیا', 'rtl').map(({ text }) => text.trim())
    const runs = words.filter((word) => word !== '')
    assert.deepEqual(runs, ['دنیا', 'COP29', 'سلام'])
    assert.deepEqual(
      seen('See سلام there', 'ltr').map(({ text }) => text.trim()),
      ['See', 'سلام', 'there'],
    )
  })

  it('keeps Persian numbers from left to right, and mirrors brackets', () => {
    // pdfkit reverses runs that begin in Arabic letters: what it is given reads backwards.
    assert.deepEqual(seen('۱۲۳', 'rtl'), [{ font: ARABIC, text: '۳۲۱' }])
    const [run] = seen('(', 'rtl')
    assert.equal(run!.text, ')')
  })

  it('has a plain space for the narrow one that no font has, and sets apart what reads from the left', () => {
    const narrow = orderRuns(
      levelsOf('a\u202f!', 'ltr'),
      [{ name: 'x', has: (each) => each !== '\u202f' }],
      {
        start: 0,
        end: 3,
      },
    )
    assert.deepEqual(narrow.map(({ text }) => text).join(''), 'a\u00a0!')
    const address = '\u2068https://example.org/\u2069'
    assert.deepEqual(
      seen(`سلام ${address}`, 'rtl').map(({ text }) => text.trim())[0],
      'https://example.org/',
    )
  })

  it('breaks behind spaces and hyphens, and words that are too long anywhere', () => {
    const measure = ({ text }: { text: string }) => text.length
    const lines = (text: string) =>
      wrapLines(text, fonts, { width: 10, direction: 'ltr', measure }).map(({ runs, endsWord }) => [
        runs.map((run) => run.text).join(''),
        endsWord,
      ])
    assert.deepEqual(lines('one two three'), [
      ['one two', true],
      ['three', false],
    ])
    assert.deepEqual(lines('a https://example.org/x'), [
      ['a https://', false],
      ['example.or', false],
      ['g/x', false],
    ])
    assert.deepEqual(lines('19\u00a0November 2024'), [
      ['19\u00a0Novembe', false],
      ['r 2024', false],
    ])
    assert.deepEqual(lines('one COP-29-ით'), [
      ['one', true],
      ['COP-29-ით', false],
    ])
    assert.deepEqual(lines('one well-known'), [
      ['one well-', false],
      ['known', false],
    ])
    assert.deepEqual(lines(''), [])
  })
})

describe('a PDF', () => {
  const blocks: Block[] = [
    { kind: 'heading', level: 1, text: 'Azərbaycan, Беларусь: ў Ґ, ایران, საქართველო' },
    { kind: 'paragraph', text: 'word '.repeat(1500) },
    { kind: 'list', items: ['one', 'two'], isOrdered: true },
    { kind: 'table', columns: ['Country', 'Signatures'], rows: [['Germany', '12']] },
    { kind: 'qr', value: 'https://example.org/', alt: 'QR code with an address', texts: ['Scan'] },
    { kind: 'blank-lines', columns: [{ heading: 'Name', share: 1 }] },
  ]

  it('is tagged, in its language, and has every font in it', async () => {
    const pdf = (await write('az', ...blocks)).toString('latin1')
    assert.ok(/\/Lang \(az\)/.test(pdf))
    assert.ok(/\/Marked true/.test(pdf))
    assert.ok(/\/DisplayDocTitle true/.test(pdf))
    assert.ok(/\(A title\)/.test(pdf))
    for (const type of ['Document', 'Sect', 'H1', 'P', 'L', 'LI', 'Lbl', 'LBody', 'Table', 'TR']) {
      assert.ok(new RegExp(`/S /${type}\\b`).test(pdf), type)
    }
    assert.ok(/\/Alt \(QR code with an address\)/.test(pdf))
    assert.ok(/\/Scope \/Column/.test(pdf))
    const fontCount = pdf.match(/\/Type \/FontDescriptor/g)!.length
    assert.equal(pdf.match(/\/FontFile2 /g)!.length, fontCount)
    assert.ok(fontCount >= 5)
    assert.equal(pdf.match(/\/BaseFont/g)!.length, pdf.match(/\/BaseFont \/[A-Z]{6}\+/g)!.length)
    assert.ok(/\/Count [3-9]/.test(pdf))
  })

  it('holds its words as text: each letter of each script is found in it', async () => {
    const pdf = await write('en', { kind: 'paragraph', text: 'Əğışİ Ўў ایران گچپژ ႠႡ ქართ' })
    const mapped = unicodesOf(pdf)
    for (const letter of 'ƏğışİЎўایرانگچپژქართ') assert.ok(mapped.has(letter), letter)
  })

  it('tells programs that read aloud what is written from right to left', async () => {
    const pdf = (await write('fa', { kind: 'paragraph', text: 'سلام' })).toString('latin1')
    const utf16 = Buffer.from('سلام', 'utf16le').swap16().toString('latin1')
    assert.ok(pdf.includes(utf16) || /\/ActualText/.test(pdf))
  })

  it('is refused where no font has a letter; of an emoji a box is left', async () => {
    await assert.rejects(
      write('en', { kind: 'paragraph', text: '請願' }),
      /no font .* 請 \(U\+8ACB\)/,
    )
    await write('en', { kind: 'paragraph', text: 'Sign 🙂' })
  })
})

/** Of the streams that say which letters glyphs stand for. */
function unicodesOf(pdf: Buffer): Set<string> {
  const found = new Set<string>()
  for (let at = pdf.indexOf('stream\n'); at >= 0; at = pdf.indexOf('stream\n', at + 1)) {
    const end = pdf.indexOf('\nendstream', at)
    let text = ''
    try {
      text = inflateSync(pdf.subarray(at + 7, end)).toString('latin1')
    } catch {
      continue
    }
    if (!text.includes('beginbfrange')) continue
    for (const [, code] of text.matchAll(/<([0-9a-f]{4})>/g)) {
      found.add(String.fromCharCode(Number.parseInt(code!, 16)))
    }
  }
  return found
}
