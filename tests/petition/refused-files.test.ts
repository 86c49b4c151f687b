import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { copyDemo, type PetitionFolder, refusalOf } from '../support/demo.ts'

describe('a petition’s folder that can’t be read', () => {
  let folder: PetitionFolder
  beforeEach(() => {
    folder = copyDemo()
  })

  /** The line that a file gets in place of its own of that beginning, and the line that is named. */
  const lines: [string, string, RegExp, string, RegExp, string][] = [
    [
      'a colon without quotes',
      'en.md',
      /^slogan:.*/m,
      'slogan: Rivers: ours',
      /colon needs quotes/,
      'slogan:',
    ],
    [
      'a quote that stays open',
      'en.md',
      /^who:.*/m,
      'who: "The organisers',
      /quote that begins here/,
      'who:',
    ],
    [
      'text behind a quote',
      'be.md',
      /^who:.*/m,
      'who: "Мы" і вы',
      /behind its closing quote/,
      'who:',
    ],
    [
      "an apostrophe in '…'",
      'az.md',
      /^who:.*/m,
      "who: 'Bakı'nın sakinləri'",
      /behind its closing/,
      'who:',
    ],
    [
      'no space after a colon',
      'ru.md',
      /^whom:.*/m,
      'whom:Всем',
      /a space belongs between/,
      'whom:',
    ],
    ['a field without a colon', 'ru.md', /^whom:.*/m, 'whom Всем', /lacks a colon/, 'whom'],
    [
      'a value that begins with *',
      'en.md',
      /^what:.*/m,
      'what: *Freedom* now',
      /begins with \* /,
      'what:',
    ],
    ['a value that begins with @', 'en.md', /^what:.*/m, 'what: @all', /begins with @ /, 'what:'],
    [
      'a value that begins with !',
      'en.md',
      /^what:.*/m,
      'what: !now all',
      /begins with ! /,
      'what:',
    ],
    [
      'an indented field below a plain one',
      'petition.yaml',
      /^slug:.*/m,
      'slug: river\n   accent: sea',
      /indented further/,
      '   accent',
    ],
    [
      'an item without a space behind its hyphen',
      'petition.yaml',
      /^ {2}- id: ipd/m,
      '  -id: ipd',
      /space belongs behind the hyphen/,
      '  -id: ipd',
    ],
    [
      'a field that has such items alone',
      'petition.yaml',
      /^goal:\n( {2}- .*\n)+/m,
      'goal:\n  # Rising.\n  -100\n  -1000\n',
      /space belongs behind the hyphen/,
      '  -100',
    ],
    [
      'such an item that is not indented',
      'petition.yaml',
      /^goal:\n( {2}- .*\n)+/m,
      'goal:\n-100\n',
      /space belongs behind the hyphen/,
      '-100',
    ],
    [
      'such an item of a text',
      'en.md',
      /^ {2}- text:/m,
      '  -text:',
      /space belongs behind the hyphen/,
      '  -text:',
    ],
    [
      'an item that is indented otherwise',
      'petition.yaml',
      /^ {2}- id: ipd/m,
      ' - id: ipd',
      /not indented as those/,
      ' - id: ipd',
    ],
    [
      'a field that is indented',
      'petition.yaml',
      /^accent:.*/m,
      '   accent: sea',
      /not indented as those/,
      '   accent',
    ],
    [
      'a list beside its name',
      'petition.yaml',
      /^goal:$/m,
      'goal: - 50',
      /a list begins in the line below/,
      'goal:',
    ],
    [
      'a backslash in "…"',
      'ru.md',
      /^what:.*/m,
      'what: "a\\d"',
      /backslash .* written twice/,
      'what:',
    ],
    ['a number for a text', 'ru.md', /^title:.*/m, 'title: 2024', /title must be text/, 'title:'],
    [
      'a demand that holds a colon',
      'en.md',
      /^ {2}- "Boycott.*/m,
      '  - Act: now',
      /demands\.0 must be text/,
      '  - Act',
    ],
    ['an unknown field', 'en.md', /^what:.*/m, 'waht: x\n$&', /waht is no field/, 'waht:'],
    [
      'a source nobody lists',
      'en.md',
      /\[interview\]/,
      '[intervew]',
      /names the source "intervew"/,
      '    sources: [intervew]',
    ],
    ['a goal that falls', 'petition.yaml', /- 500$/m, '- 50', /goal must rise/, '  - 50'],
    [
      'no zone of this world',
      'petition.yaml',
      /^accent:/m,
      'zone: Europe/Vinna\n$&',
      /no time zone/,
      'zone:',
    ],
    [
      'no day of any calendar',
      'petition.yaml',
      /^closes:.*/m,
      'closes: 2030-02-30T00:00Z',
      /closes is on 2030-02-30, a day that no calendar has/,
      'closes:',
    ],
    [
      'a template’s placeholder',
      'en.md',
      /^what:.*/m,
      'what: "FILL-IN: for what"',
      /still says FILL-IN/,
      'what:',
    ],
    [
      'a letter lost in conversion',
      'ru.md',
      /^what:.*/m,
      'what: "Бойко\ufffd"',
      /wrong conversion/,
      'what:',
    ],
    [
      'a thousand with a point',
      'petition.yaml',
      /^ {2}- 1000$/m,
      '  - 1.000',
      /1\.000 is the number 1 here: write 1000/,
      '  - 1.000',
    ],
  ]
  for (const [what, file, from, to, message, culprit] of lines) {
    it(`names the line of ${what}`, async () => {
      await folder.change(file, from, to)
      const text = await readFile(join(folder.path, file), 'utf8')
      const line = text.slice(0, text.indexOf(`\n${culprit}`)).split('\n').length + 1
      const said = await refusalOf(folder.path)
      assert.ok(said.startsWith(`${file}, line ${line}: `), `${said} (line ${line})`)
      assert.match(said, message)
    })
  }

  it('in another encoding names file, encoding and the command that converts it', async () => {
    const text = await readFile(join(folder.path, 'ru.md'), 'utf8')
    // Windows-1251 has its letters in the order of Unicode.
    const bytes = Array.from(text, (letter) => {
      const code = letter.codePointAt(0)!
      if (code >= 0x410 && code <= 0x44f) return code - 0x410 + 0xc0
      return code < 0x80 ? code : 0x3f
    })
    const file = join(folder.path, 'ru.md')
    await writeFile(file, Buffer.from(bytes))
    const said = await refusalOf(folder.path)
    assert.ok(said.startsWith(`${file} is not UTF-8 but seems to be WINDOWS-1251`), said)
    assert.ok(said.includes(`iconv -f WINDOWS-1251 -t UTF-8 ${file} > ${file}.utf8`), said)
    await writeFile(file, text)
    const yaml = await readFile(join(folder.path, 'petition.yaml'), 'utf8')
    await writeFile(join(folder.path, 'petition.yaml'), Buffer.from(`\ufeff${yaml}`, 'utf16le'))
    assert.match(
      await refusalOf(folder.path),
      /petition\.yaml is not UTF-8 but seems to be UTF-16 /,
    )
  })

  it('without one of its files says what a petition consists of', async () => {
    await rm(join(folder.path, 'be.md'))
    const missing = await refusalOf(folder.path)
    assert.ok(
      missing.startsWith(`${join(folder.path, 'be.md')} is not there: a petition is a folder`),
      missing,
    )
    const nowhere = join(folder.path, 'nowhere')
    assert.ok(
      (await refusalOf(nowhere)).startsWith(`${join(nowhere, 'petition.yaml')} is not there`),
    )
  })

  it('in which a field turns the direction of writing says how to mend it', async () => {
    await folder.change('en.md', /^title: (.*)$/m, 'title: \u202e$1')
    assert.match(
      await refusalOf(folder.path),
      /^en\.md, line 2: has an unseen character .*U\+202E.*type it$/,
    )
  })
})
