import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import Handlebars from 'handlebars'
import { languages, translator, views } from '../src/platform/i18n/translate.ts'
import { type FieldProblems, parseSignForm } from '../src/signature/form/sign-form.ts'

type Strings = { [key: string]: string | Strings }

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))
const PLURAL = /_(zero|one|two|few|many|other)$/
/** A value, a space and a word: a number there decides on the word's form. */
const NUMBER_BEFORE_A_WORD = /\{\{\s*(\w+)[^{}]*\}\}[\s\u00a0]+(?=\p{L})\p{L}+/gu
/** What isn't how many: names, dates, phrases with a number of their own, and numbers of a place in a row. */
const NO_COUNTS = new Set(
  [
    'name',
    'date',
    'petition',
    'organisers',
    'hour',
    'records',
    'entries',
    'signatures',
    'file',
    'host',
  ].concat(['n', 'number', 'page', 'done', 'found', 'day', 'time', 'address', 'suggestion']),
)
/** Symbols of units have one form. */
const UNIT = /\s(kB|MB|GB|кБ|КБ|МБ|ГБ|UTC)$/u
/** Where a page's English is written in the source: the API's documentation, and scripts in the browser. */
const WRITTEN_IN_SOURCE =
  /^(browser|offline\/unsealing-page|api|pages(?!\/verify\/log))\/|\.page\.ts$|\/view-/
/** Values that are no numbers. */
const NAMES_IN_SOURCE = /^\$\{(port\}|name\}|entry\}|.*join\()/
/** In the order in which they open and close. */
const QUOTES: Readonly<Record<string, string>> = {
  ...{ en: '“”', az: '“”', tr: '“”', ru: '«»', be: '«»', uk: '«»', fr: '«»', es: '«»', fa: '«»' },
  ...{ pl: '„”', de: '„“', ka: '„“' },
}
/** Latin beside Cyrillic, Georgian or Arabic letters, with nothing between. */
const MIXED = new RegExp(
  ['Cyrillic', 'Georgian', 'Arabic']
    .flatMap((other) => [
      ['Latin', other],
      [other, 'Latin'],
    ])
    .map(([one, next]) => String.raw`\p{Script=${one}}\p{Script=${next}}`)
    .join('|'),
  'u',
)
const strings = Object.fromEntries(
  languages.map((language) => [
    language,
    flatten(JSON.parse(read(`locales/${language}.json`, views))),
  ]),
)
const english = strings.en!
const keyOf = (name: string) => name.replace(PLURAL, '')
const keys = new Set([...english.keys()].map(keyOf))
const pluralKeys = [...keys].filter((key) => english.has(`${key}_other`))
const groups = new Set([...keys].map((key) => key.split('.')[0]!))

describe('the strings', () => {
  for (const language of languages) {
    const own = strings[language]!
    const rules = new Intl.PluralRules(language)

    describe(`in ${language}`, () => {
      it('are those of English, no more and no less', () => {
        assert.deepEqual([...new Set([...own.keys()].map(keyOf))].sort(), [...keys].sort())
      })

      it('have every plural form that the language has, and no other', () => {
        for (const key of pluralKeys) {
          const forms = [...own.keys()].filter((name) => PLURAL.test(name) && keyOf(name) === key)
          const { pluralCategories } = rules.resolvedOptions()
          assert.deepEqual(forms.sort(), pluralCategories.map((form) => `${key}_${form}`).sort())
          assert.equal(own.has(key), false, `${key} must not also stand without a plural form`)
        }
      })

      it('have the placeholders of English', () => {
        for (const [name, text] of own) {
          const expected = placeholders(english.get(`${keyOf(name)}_other`) ?? english.get(name)!)
          const form = PLURAL.exec(name)?.[1]
          // "One thing" needs no number, but a form that also stands for 21 does.
          const needed = form && standsForOne(rules, form) ? without(expected, 'count') : expected
          for (const each of needed)
            assert.ok(placeholders(text).has(each), `${name} lacks {{${each}}}`)
          for (const each of placeholders(text))
            assert.ok(expected.has(each), `${name} has {{${each}}}`)
          assert.doesNotMatch(text.replace(/\{\{[^{}]+\}\}/g, ''), /[{}]/, name)
        }
      })

      it('say something, calmly, and are trimmed', () => {
        for (const [name, text] of own) {
          assert.ok(text.length > 0, `${name} is empty`)
          assert.equal(text, text.trim().normalize('NFC'), name)
          assert.doesNotMatch(text, /[!¡！]| {2}|[\p{Cc}\ufffd]/u, name)
        }
      })

      it('have the form that each number asks for beside a noun', () => {
        for (const [name, text] of own) {
          for (const [whole, placeholder] of text.matchAll(NUMBER_BEFORE_A_WORD)) {
            if (NO_COUNTS.has(placeholder!) || UNIT.test(whole)) continue
            assert.ok(
              placeholder === 'count' && PLURAL.test(name),
              `${name}: “${whole}…” needs plural forms, by {{count, number}}; NO_COUNTS has what isn’t how many`,
            )
          }
        }
      })

      it('can be shown with every number', () => {
        const t = translator(language)
        for (const key of pluralKeys) {
          for (const count of [0, 1, 2, 3, 5, 11, 14, 21, 22, 25, 100, 101, 1111, 1_000_000]) {
            assert.doesNotMatch(t(key, { ...others(key), count }), /\{|undefined|NaN/, key)
          }
        }
      })

      it('are written in the language’s own letters, marks and quotation marks', () => {
        for (const [name, text] of own) {
          const words = text.replace(/\{\{[^{}]+\}\}/g, 'x')
          for (const [what, pattern] of writingFaults(language)) {
            assert.doesNotMatch(words, pattern, `${name}: ${what}`)
          }
        }
      })

      if (language !== 'en') {
        it('are translated', () => {
          for (const [name, text] of own) {
            if (text.split(/\s+/).length > 2) assert.notEqual(text, english.get(name), name)
          }
        })
      }
    })
  }
})

describe('what a page says outside of the strings', () => {
  it('puts no number beside a noun: that takes plural forms', () => {
    const found = [
      ...filesBelow(views, '.hbs').flatMap((file) =>
        [
          ...read(file, views).matchAll(
            /\{\{[\w./@]+\}\}(?:<\/\w+>)?[ \u00a0]+[a-z]{2,}(?![\w-]*=)/g,
          ),
        ].map(([text]) => `views/${file}: ${text}`),
      ),
      ...filesBelow(SOURCE, '.ts')
        .filter((file) => WRITTEN_IN_SOURCE.test(file))
        .flatMap((file) =>
          [...read(file, SOURCE).matchAll(/\$\{[^{}]*\}(?:&nbsp;|[ \u00a0])[a-z]{2,}/g)]
            .filter(([text]) => !NAMES_IN_SOURCE.test(text))
            .map(([text]) => `src/${file}: ${text}`),
        ),
    ]
    assert.deepEqual(found, [])
  })
})

describe('every string that is asked for', () => {
  const inTemplates = filesBelow(views, '.hbs').flatMap((file) =>
    callsOf(Handlebars.parse(read(file, views))).map((call) => ({ ...call, file })),
  )
  const inSource = filesBelow(SOURCE, '.ts').flatMap((file) => literalsOf(file))
  const inMarkup = filesBelow(SOURCE, '.hbs').flatMap((file) => attributesOf(file))

  it('by a template is there, with a value for each placeholder', () => {
    assert.ok(inTemplates.length > 150, `only ${inTemplates.length} calls of t were found`)
    for (const { file, pattern, values } of inTemplates) {
      const found = [...keys].filter((key) => pattern.test(key))
      assert.ok(found.length > 0, `${file}: no string ${pattern.source}`)
      for (const key of found) {
        const expected = placeholders(english.get(key) ?? english.get(`${key}_other`)!)
        const names = new Set([...expected].map((each) => each.split(',')[0]!))
        // It chooses the form also where the number itself stands elsewhere.
        if (pluralKeys.includes(key)) names.add('count')
        assert.deepEqual(new Set(values), names, `${file}: ${key}`)
      }
    }
  })

  it('by the source is there', () => {
    assert.ok(inSource.length > 8, `only ${inSource.length} keys were found`)
    for (const { file, pattern } of inSource) {
      const found = [...keys].filter((key) => pattern.test(key))
      assert.ok(found.length > 0, `${file}: no string ${pattern.source}`)
    }
  })

  it('by the markup of the unsealing page is there, and has no placeholder', () => {
    assert.ok(inMarkup.length > 40, `only ${inMarkup.length} attributes were found`)
    for (const { file, key } of inMarkup) {
      assert.ok(english.has(key), `${file}: no string ${key}`)
      assert.equal(placeholders(english.get(key)!).size, 0, `${file}: ${key}`)
    }
  })

  it('is all that there is: no string is dead', () => {
    const marked = inMarkup.map(({ key }) => ({ pattern: exactly(escapeDots(key)) }))
    const asked = [...inTemplates, ...inSource, ...marked]
    const dead = [...keys].filter((key) => !asked.some(({ pattern }) => pattern.test(key)))
    assert.deepEqual(dead, [])
  })

  it('for a refused request has a heading and a text, and no status is left over', () => {
    const handler = read('platform/web/http-error.ts', SOURCE)
    const statuses = /const PAGES = new Set\(\[([\d, ]+)\]\)/.exec(handler)?.[1]?.split(', ')
    assert.ok(statuses, 'http-error.ts no longer says which statuses have a page')
    const expected = statuses.flatMap((status) => [
      `problem.${status}.heading`,
      `problem.${status}.text`,
    ])
    const own = [...keys].filter((key) => /^problem\.\d/.test(key))
    assert.deepEqual(own.sort(), expected.sort())
  })

  it('for a problem of the form is there, and no problem is left over', () => {
    const samples = [
      ...['', 'x', '!', '™', '@x', '\0', '...', 'www.example.org', 'ə@x.org', 'ZZ', 'yes'],
      ...['\u202ex', '\ufffd', `x${'\u0335'.repeat(9)}`, 'a@gmial.com', 'a@gmaıl.com'],
      'x'.repeat(1000),
    ]
    const found = new Set<string>()
    const note = (body: unknown) => {
      const parsed = parseSignForm(body, { asciiOnly: true })
      for (const name of problemNames(parsed.ok ? {} : parsed.problems)) found.add(name)
    }
    const fields = [
      'name',
      'email',
      'country',
      'postcode',
      'comment',
      'display',
      'updates',
      'consent',
    ]
    for (const field of fields) for (const sample of samples) note({ [field]: sample })
    const value = fc.oneof(
      fc.constantFrom(...samples),
      fc.string({ unit: 'binary' }),
      fc.anything(),
    )
    const body = fc.dictionary(fc.constantFrom(...fields), value)
    fc.assert(fc.property(body, note), { numRuns: 1000 })
    const own = [...keys].filter((key) => key.startsWith('errors.'))
    assert.deepEqual([...found].sort(), own.sort())
  })
})

/** What a translator's keyboard, or one file that was begun as a copy of another, brings in. */
function writingFaults(language: string): [string, RegExp][] {
  const script = new Intl.Locale(language).maximize().script!
  const marks = QUOTES[language]
  assert.ok(marks, `QUOTES lacks the quotation marks of ${language}`)
  const foreign = ['«»', '“”', '„”', '„“'].join('').replace(new RegExp(`[${marks}]`, 'g'), '')
  return [
    ['a straight quote', /["]|(?<=\p{L})'(?=\p{L})|(?<=\s)'|'(?=\s)/u],
    ['three dots, which are one sign: …', /\.\.\./],
    ['a hyphen for a dash', /\s-\s/],
    [`a quotation mark that is none of ${marks}`, new RegExp(`[${foreign}]`)],
    ['a letter of another script within a word', MIXED],
    ...(script === 'Cyrl'
      ? []
      : [['a Cyrillic letter', /\p{Script=Cyrillic}/u] as [string, RegExp]]),
    language === 'fr'
      ? ['no narrow space at a mark', /(?<![\s\u202f\p{Pd}])[;:!?»](?![\p{L}\p{N}/])|«(?!\u202f)/u]
      : ['a space before a mark', /[\s\u00a0\u202f][,;:!?](?=\s|$)/u],
    ...(script === 'Arab'
      ? ([
          ['a comma, semicolon or question mark of Latin', /[,;?](?=\s|$)/],
          ['a letter or digit of Arabic, not Persian', /[\u0643\u064a\u0660-\u0669]/],
        ] as [string, RegExp][])
      : []),
  ]
}

function problemNames(problems: FieldProblems): string[] {
  return Object.entries(problems).map(([field, problem]) => `errors.${field}.${problem}`)
}

function flatten(group: Strings, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(group).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
    ) as [string, string][],
  )
}

/** As written, with the format: `count,number`. */
function placeholders(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/\{\{([^{}]+)\}\}/g)].map(([, name]) => name!.replace(/\s/g, '')),
  )
}

/** Something for every value but the number. */
function others(key: string): Record<string, string> {
  const names = [...placeholders(english.get(`${key}_other`)!)].map((each) => each.split(',')[0]!)
  return Object.fromEntries(names.map((name) => [name, 'x']))
}

function without(names: Set<string>, prefix: string): string[] {
  return [...names].filter((name) => name !== prefix && !name.startsWith(`${prefix},`))
}

function standsForOne(rules: Intl.PluralRules, form: string): boolean {
  return (
    Array.from({ length: 200 }, (_, n) => n).filter((n) => rules.select(n) === form).length === 1
  )
}

function read(file: string, folder: string): string {
  return readFileSync(join(folder, file), 'utf8')
}

function filesBelow(folder: string, ending: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith(ending)).map((file) => file.replaceAll('\\', '/'))
}

interface Call {
  /** Which keys it may ask for; one, where the key is written out. */
  pattern: RegExp
  /** Names of the values that it gives. */
  values: string[]
}

/** Every use of the helper `t` in a template, as a statement or inside another's arguments. */
function callsOf(node: unknown): Call[] {
  if (node === null || typeof node !== 'object') return []
  const inner = Object.values(node).flatMap(callsOf)
  const { path, params, hash } = node as Partial<hbs.AST.MustacheStatement>
  if ((path as hbs.AST.PathExpression | undefined)?.original !== 't' || !params) return inner
  const values = hash?.pairs.map(({ key }) => key) ?? []
  return [...inner, { pattern: patternOf(params[0]!), values }]
}

/** The key: a literal, or `(concat "a." b ".c")` with one part of the key for each variable. */
function patternOf(key: hbs.AST.Expression): RegExp {
  if (key.type === 'StringLiteral') return exactly(escapeDots((key as hbs.AST.StringLiteral).value))
  const call = key as hbs.AST.SubExpression
  assert.equal((call.path as hbs.AST.PathExpression).original, 'concat', 'a key must be traceable')
  const parts = call.params.map((part) =>
    part.type === 'StringLiteral' ? escapeDots((part as hbs.AST.StringLiteral).value) : '[^.]+',
  )
  return exactly(parts.join(''))
}

/** Literals of a source file that look like a key: a group of strings, a dot, and so on. */
function literalsOf(file: string): { file: string; pattern: RegExp }[] {
  // SQL names tables and columns the same way, webhooks their events; neither shows a string.
  if (file.endsWith('.queries.ts') || /^(browser|webhook)\//.test(file)) return []
  const literals = read(file, SOURCE).matchAll(/(['"`])([a-zA-Z]+(?:\.(?:\w|\$\{\w+\})+)+)\1/g)
  return [...literals]
    .map(([, , text]) => text!)
    .filter((text) => groups.has(text.split('.')[0]!) && !/\.(yaml|hbs|js)$/.test(text))
    .map((text) => ({
      file,
      pattern: exactly(text.replace(/\$\{\w+\}|\./g, (part) => (part === '.' ? '\\.' : '[^.]+'))),
    }))
}

/** What the unsealing page's own script puts in as text or as a label; see its strings.ts. */
function attributesOf(file: string): { file: string; key: string }[] {
  return [...read(file, SOURCE).matchAll(/ data-t(?:-label)?="([^"]+)"/g)].map(([, key]) => ({
    file,
    key: key!,
  }))
}

function exactly(source: string): RegExp {
  return new RegExp(`^${source}$`)
}

function escapeDots(text: string): string {
  return text.replaceAll('.', '\\.')
}
