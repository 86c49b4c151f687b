import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { copyDemo, type PetitionFolder, refusalOf } from '../support/demo.ts'

describe('a petition’s folder with a wrong field', () => {
  let folder: PetitionFolder
  beforeEach(() => {
    folder = copyDemo()
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
      'languages: [en, kk]',
      /languages has "kk".*locales\/kk\.json/,
    ],
    ['an unknown accent', /^accent:.*$/m, 'accent: pink', /accent takes one of garnet, sea, pine/],
    [
      'no site',
      /^embed:.*$/m,
      'embed: []',
      /embed takes origins in brackets, such as \[https:\/\/news\.example\]/,
    ],
    ['a site without TLS', /^embed:.*$/m, 'embed: [http://news.example]', /embed\.0 takes origins/],
    [
      'a site with a slash behind it',
      /^embed:.*$/m,
      'embed: [https://news.example/]',
      /embed\.0 takes .* no slash or path behind the name/,
    ],
    [
      'a site that is not in brackets',
      /^embed:.*$/m,
      'embed: http://127.0.0.1:4741/',
      /embed takes origins in brackets, .* no slash/,
    ],
    [
      'a page in the place of a site',
      /^embed:.*$/m,
      'embed: [https://news.example/politics]',
      /embed\.0 takes origins/,
    ],
    [
      'a site that would end the policy',
      /^embed:.*$/m,
      'embed: ["https://news.example; script-src *"]',
      /embed\.0 takes origins/,
    ],
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
      'an end before the beginning',
      /^opens:.*\ncloses:.*$/m,
      'opens: 2030-05-01T09:00Z\ncloses: 2030-05-01T10:00+02:00',
      /closes is not after opens/,
    ],
    [
      'as many days to the end as to the beginning',
      /^opens:.*\ncloses:.*$/m,
      'opens: +7d\ncloses: +7d',
      /closes is not after opens/,
    ],
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
    it(`names file and field of ${what} in petition.yaml`, async () => {
      await folder.change('petition.yaml', from, to)
      assert.match(
        await refusalOf(folder.path),
        new RegExp(`^petition\\.yaml(, line \\d+)?: ${message.source}`),
      )
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
    it(`names file and field of ${what} in one of its texts`, async () => {
      await folder.change('ru.md', from, to)
      assert.match(
        await refusalOf(folder.path),
        new RegExp(`^ru\\.md(, line \\d+)?: ${message.source}`),
      )
    })
  }
})
