import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { readPetitionFolder } from '../../src/petition/files/petition-files.ts'
import { hashContent } from '../../src/petition/files/petition-text.ts'
import { PetitionFilesError } from '../../src/petition/files/read-source.ts'
import { languages } from '../../src/platform/i18n/translate.ts'
import { DEMO } from '../../src/publishing/publishing.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('a petition’s folder', () => {
  const root = temporaryFolder()
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(root, 'folder-'))
    await cp(DEMO, folder, { recursive: true })
  })

  async function change(file: string, from: RegExp, to: string) {
    const text = await readFile(join(folder, file), 'utf8')
    assert.match(text, from)
    await writeFile(join(folder, file), text.replace(from, to))
  }

  async function refusal(): Promise<string> {
    const error: Error = await readPetitionFolder(folder).then(
      () => assert.fail('the folder was taken'),
      (reason) => reason,
    )
    assert.ok(error instanceof PetitionFilesError, error.stack)
    assert.doesNotMatch(
      error.message,
      /:$|\n|\^|\\[dp]|schema|constant|undefined|mapping|scalar|YAML|token/,
      'one plain line',
    )
    return error.message
  }

  it('of the demo is whole in all of the site’s languages', async () => {
    const files = await readPetitionFolder(DEMO)
    assert.deepEqual([...files.settings.languages].sort(), [...languages].sort())
    const first = files.contents[files.settings.languages[0]!]!
    for (const [language, content] of Object.entries(files.contents)) {
      assert.equal(content.demands.length, first.demands.length, language)
      assert.deepEqual(
        content.facts.map((fact) => fact.sources),
        first.facts.map((fact) => fact.sources),
        language,
      )
      assert.equal(
        content.body.match(/^## /gm)!.length,
        first.body.match(/^## /gm)!.length,
        language,
      )
      assert.ok(content.notice, language)
    }
  })

  it('gives what its files say', async () => {
    const files = await readPetitionFolder(folder)
    assert.equal(files.slug, 'cop29-baku')
    assert.deepEqual([files.opens, files.closes], ['-0d', '+120d'])
    assert.equal(files.settings.accent, 'garnet')
    assert.deepEqual(files.settings.goals.slice(0, 3), [100, 500, 1000])
    assert.deepEqual(files.settings.organisers[1], { id: 'ipd', url: null })
    assert.equal(files.contents.en!.organisers.ipd, 'Institute for Peace and Democracy')
    assert.match(files.contents.en!.body, /^By our count, [\s\S]* up to you\.$/)
  })

  it('with what nobody sees pasted into its fields is the same petition', async () => {
    const plain = await readPetitionFolder(DEMO)
    await change('petition.yaml', /^slug: (.*)$/m, 'slug: \ufeff$1\u200b')
    await change('petition.yaml', /(url: )(https)/, '$1\u2068$2')
    await change('en.md', /^title: (.*)$/m, 'title: \u200e$1\ufffc')
    assert.deepEqual(await readPetitionFolder(folder), plain)
  })

  it('is refused where a field turns the writing round, and says how to mend it', async () => {
    await change('en.md', /^title: (.*)$/m, 'title: \u202e$1')
    assert.match(await refusal(), /^en\.md, line 2: has an unseen character .*U\+202E.*type it$/)
  })

  it('may leave out what has a sensible default', async () => {
    await change('petition.yaml', /^accent:.*$/m, '')
    await change('petition.yaml', /^opens:.*$/m, '')
    await change('petition.yaml', /^closes:.*$/m, '')
    await change('petition.yaml', /^sources:[\s\S]*/m, '')
    await change('petition.yaml', /^languages:.*$/m, 'languages: [en]')
    await change('en.md', /^facts:[\s\S]*?(?=^organisers:)/m, '')
    await change('en.md', /^notice:.*\n/m, '')
    await change('en.md', /^sources:[\s\S]*?(?=^---$)/m, '')
    const { opens, closes, settings, contents } = await readPetitionFolder(folder)
    assert.deepEqual([opens, closes, settings.accent, settings.sources], [null, null, 'garnet', []])
    assert.deepEqual([contents.en!.facts, contents.en!.notice], [[], null])
  })

  const yaml: [string, RegExp, string, RegExp][] = [
    ['an empty file', /[\s\S]*/, '', /the file must be object/],
    ['a bracket that stays open', /^slug:/m, 'x: [a\nslug:', /the bracket that opens here is not/],
    [
      'a tab for indentation',
      /^accent:/m,
      '\taccent:',
      /the line is indented with a tab: use spaces/,
    ],
    ['a field twice', /^slug:/m, 'slug: a\nslug:', /the field slug stands here a second time/],
    ['no slug', /^slug:.*$/m, '', /the file lacks slug/],
    ['a slug with capitals', /^slug:.*$/m, 'slug: Cop29', /slug takes lower-case letters/],
    [
      'a slug that is too long',
      /^slug:.*$/m,
      `slug: ${'a'.repeat(61)}`,
      /slug takes .* at most 60/,
    ],
    ['an unknown field', /^slug:/m, 'colour: red\nslug:', /colour is no field that a petition has/],
    ['no language', /^languages:.*$/m, 'languages: []', /languages takes language codes/],
    ['a language twice', /^languages:.*$/m, 'languages: [en, en]', /languages takes .* each once/],
    [
      'a language as a locale',
      /^languages:.*$/m,
      'languages: [pt-BR]',
      /languages\.0 takes language codes/,
    ],
    [
      'a language the site lacks',
      /^languages:.*$/m,
      'languages: [en, de]',
      /languages has "de".*locales\/de\.json/,
    ],
    ['an unknown accent', /^accent:.*$/m, 'accent: pink', /accent takes one of garnet, sea, pine/],
    ['no goal', /^goal:\n( {2}- .*\n)+/m, 'goal: []\n', /goal takes rising whole numbers/],
    ['a goal of nothing', /- 100$/m, '- 0', /goal\.0 takes rising whole numbers/],
    ['a goal in words', /- 500$/m, '- many', /goal\.1 takes rising whole numbers/],
    ['a goal that falls', /- 500$/m, '- 50', /goal must rise/],
    ['a goal that stays', /- 500$/m, '- 100', /goal must rise/],
    [
      'a date without a time',
      /^opens:.*$/m,
      'opens: 2030-01-01',
      /opens takes a date and time with its zone/,
    ],
    [
      'a time without a zone',
      /^closes:.*$/m,
      'closes: 2030-01-01T00:00',
      /closes takes a date and time/,
    ],
    ['a date in words', /^closes:.*$/m, 'closes: never', /closes takes .* or days, such as \+90d/],
    [
      'no organiser',
      /^organisers:\n( {2}- .*\n)+/m,
      'organisers: []\n',
      /organisers must not have fewer/,
    ],
    ['an organiser without an id', /- id: ipd/, '- url: https://x.org', /organisers\.1 lacks id/],
    [
      'an organiser’s id in capitals',
      /- id: ipd/,
      '- id: IPD',
      /organisers\.1\.id takes lower-case/,
    ],
    [
      'an organiser twice',
      /- id: ipd/,
      '- id: coordination-centre',
      /organisers has the id .* twice/,
    ],
    [
      'a source twice',
      /^sources:$/m,
      'sources:\n  - id: interview\n    url: https://example.org\n    date: 2024-02',
      /sources has the id "interview" twice: give each an id of its own/,
    ],
    [
      'a link that is a script',
      /https:.*$/m,
      'javascript:alert(1)',
      /sources\.0\.url takes .* https:/,
    ],
    ['a bare year', /date: .*$/m, 'date: 2024', /sources\.0\.date takes a year in quotes/],
    ['a thirteenth month', /date: .*$/m, 'date: 2024-13', /sources\.0\.date takes/],
    ['a source without a date', /^ {4}date: .*$/m, '', /sources\.0 lacks date/],
  ]
  for (const [what, from, to, message] of yaml) {
    it(`is refused for ${what} in petition.yaml, by file and field`, async () => {
      await change('petition.yaml', from, to)
      assert.match(await refusal(), new RegExp(`^petition\\.yaml(, line \\d+)?: ${message.source}`))
    })
  }

  const text: [string, RegExp, string, RegExp][] = [
    ['no front matter', /^---/, '', /start the file with its fields between two lines of ---/],
    ['front matter that does not end', /\n---\n/, '\n', /start the file with its fields/],
    ['no title', /^title:.*\n/m, '', /the file lacks title/],
    ['an empty title', /^title:.*$/m, 'title: ""', /title must not have fewer than 1 characters/],
    [
      'a title that is too long',
      /^title:.*$/m,
      `title: ${'x'.repeat(121)}`,
      /title must not have more than 120/,
    ],
    [
      'a title that YAML takes for a number',
      /^title:.*$/m,
      'title: 2024',
      /title must be text: put it in quotes/,
    ],
    ['a title with a line break', /^title:.*$/m, 'title: "a\\nb"', /title holds a character/],
    [
      'a title with a colon and no quotes',
      /^title:.*$/m,
      'title: COP29: no',
      /a value that holds a colon needs quotes/,
    ],
    ['a misspelt field', /^title:/m, 'titel: x\ntitle:', /titel is no field that a petition has/],
    ['no demand', /^demands:\n( {2}- .*\n)+/m, 'demands: []\n', /demands must not have fewer/],
    ['a demand that is a list', /^demands:\n/m, 'demands:\n  - [x]\n', /demands\.0 must be text/],
    [
      'a fact with an unknown source',
      /\[interview\]/,
      '[intervew]',
      /a fact names the source "intervew"/,
    ],
    ['a source without its title', /^ {2}interview:/m, '  other:', /sources lacks "interview"/],
    [
      'a source without its publisher',
      /^ {4}publisher:.*\n/m,
      '',
      /sources\.interview lacks publisher/,
    ],
    ['an organiser without a name', /^ {2}ipd:.*\n/m, '', /organisers lacks "ipd"/],
  ]
  for (const [what, from, to, message] of text) {
    it(`is refused for ${what} in one of its texts, by file and field`, async () => {
      await change('ru.md', from, to)
      assert.match(await refusal(), new RegExp(`^ru\\.md(, line \\d+)?: ${message.source}`))
    })
  }

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
    it(`is refused for ${what}, by the line in which it stands`, async () => {
      await change(file, from, to)
      const text = await readFile(join(folder, file), 'utf8')
      const line = text.slice(0, text.indexOf(`\n${culprit}`)).split('\n').length + 1
      const said = await refusal()
      assert.ok(said.startsWith(`${file}, line ${line}: `), `${said} (line ${line})`)
      assert.match(said, message)
    })
  }

  it('is refused in another encoding, by file, encoding and the command that converts it', async () => {
    const text = await readFile(join(folder, 'ru.md'), 'utf8')
    // Windows-1251 has its letters in the order of Unicode.
    const bytes = Array.from(text, (letter) => {
      const code = letter.codePointAt(0)!
      if (code >= 0x410 && code <= 0x44f) return code - 0x410 + 0xc0
      return code < 0x80 ? code : 0x3f
    })
    const file = join(folder, 'ru.md')
    await writeFile(file, Buffer.from(bytes))
    const said = await refusal()
    assert.ok(said.startsWith(`${file} is not UTF-8 but seems to be WINDOWS-1251`), said)
    assert.ok(said.includes(`iconv -f WINDOWS-1251 -t UTF-8 ${file} > ${file}.utf8`), said)
    await writeFile(file, text)
    const yaml = await readFile(join(folder, 'petition.yaml'), 'utf8')
    await writeFile(join(folder, 'petition.yaml'), Buffer.from(`\ufeff${yaml}`, 'utf16le'))
    assert.match(await refusal(), /petition\.yaml is not UTF-8 but seems to be UTF-16 /)
  })

  it('tells of a language that has a file and is not listed', async () => {
    await change('petition.yaml', /^languages:.*$/m, 'languages: [en, ru]')
    assert.deepEqual((await readPetitionFolder(folder)).unlisted, ['az', 'be'])
  })

  it('is refused when a file is not there, with what a petition consists of', async () => {
    await rm(join(folder, 'be.md'))
    const missing = await refusal()
    assert.ok(
      missing.startsWith(`${join(folder, 'be.md')} is not there: a petition is a folder`),
      missing,
    )
    folder = join(root, 'nowhere')
    assert.ok((await refusal()).startsWith(`${join(folder, 'petition.yaml')} is not there`))
  })

  it('saved on Windows is the same petition, and the same text', async () => {
    const before = await readPetitionFolder(folder)
    for (const file of ['petition.yaml', 'en.md', 'ru.md']) {
      const content = await readFile(join(folder, file), 'utf8')
      await writeFile(join(folder, file), `\ufeff${content.replaceAll('\n', '\r\n')}`)
    }
    const saved = await readPetitionFolder(folder)
    assert.deepEqual(saved, before)
    assert.deepEqual(hashContent(saved.contents.en!), hashContent(before.contents.en!))
  })
})

describe('the hash of a text', () => {
  it('is the same whatever the order of its fields, and another for every change', async () => {
    const { contents } = await readPetitionFolder(DEMO)
    const content = contents.en!
    const reversed = Object.fromEntries(Object.entries(content).reverse()) as typeof content
    assert.deepEqual(hashContent(reversed), hashContent(content))
    const hashes = [
      content,
      { ...content, body: `${content.body} ` },
      { ...content, notice: null },
      { ...content, notice: '' },
      { ...content, demands: [...content.demands].reverse() },
      { ...content, facts: content.facts.map((fact) => ({ ...fact, sources: [] })) },
      { ...content, organisers: { ...content.organisers, ipd: 'Another' } },
    ].map((each) => hashContent(each).toString('hex'))
    assert.equal(new Set(hashes).size, hashes.length)
    for (const hash of hashes) assert.equal(hash.length, 64)
  })
})
