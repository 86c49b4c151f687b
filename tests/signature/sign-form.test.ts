import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { digestOf, type FieldProblems, parseSignForm } from '../../src/signature/form/sign-form.ts'

const good = { name: 'Leyla Yunus', email: 'leyla@example.org', country: 'DE', consent: 'yes' }

function problemsOf(fields: Record<string, unknown>): FieldProblems {
  const parsed = parseSignForm({ ...good, ...fields })
  return parsed.ok ? {} : parsed.problems
}

function inputOf(fields: Record<string, unknown>) {
  const parsed = parseSignForm({ ...good, ...fields })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.input
}

describe('the form', () => {
  it('needs a name, an address, a country and consent, and nothing else', () => {
    assert.deepEqual(inputOf({}), {
      name: 'Leyla Yunus',
      email: {
        typed: 'leyla@example.org',
        exact: 'leyla@example.org',
        normalised: 'leyla@example.org',
      },
      country: 'DE',
      postcode: '',
      comment: '',
      display: 'hidden',
      updates: false,
      ref: null,
      source: null,
      textVersion: null,
    })
  })

  it('left empty says of each needed field that it is missing, and of no other anything', () => {
    const parsed = parseSignForm({})
    assert.ok(!parsed.ok)
    assert.deepEqual(parsed.problems, {
      name: 'missing',
      email: 'missing',
      country: 'missing',
      consent: 'missing',
    })
  })

  it('names each problem of each field at once', () => {
    assert.deepEqual(
      problemsOf({
        name: 'see www.example.org',
        email: 'leyla',
        country: 'ZZ',
        comment: 'http://example.org',
        display: 'shout',
        consent: 'no',
      }),
      {
        name: 'link',
        email: 'invalid',
        country: 'invalid',
        comment: 'link',
        display: 'invalid',
        consent: 'missing',
      },
    )
  })

  it('gives back what was typed beside the problems', () => {
    const parsed = parseSignForm({ ...good, email: 'leyla@', comment: 'Because.', ref: 'abc' })
    assert.equal(parsed.ok, false)
    assert.equal(parsed.values.email, 'leyla@')
    assert.equal(parsed.values.comment, 'Because.')
    assert.equal(parsed.values.ref, 'abc')
  })

  it('takes names in every script', () => {
    for (const name of [
      'Əli Məmmədov',
      'Gülşən Ağayeva',
      'Марыя Ўладзіміраўна',
      'Светлана Ёлкина',
      'ليلى يونس',
      'لیلا می‌خواهد',
      'לֵילָה יוּנוּס',
      'ლეილა იუნუსი',
      'Լեյլա Յունուս',
      '王小明',
      'ひらがな カタカナ',
      '김철수',
      'निधि शर्मा',
      'ክርስቶስ',
      'Nguyễn Thị Ánh',
      "O'Neill-Müller, Jr.",
      'Y',
      '👩‍👩‍👧 Family',
    ]) {
      assert.equal(inputOf({ name }).name, name.normalize('NFC'))
    }
  })

  it('takes a name written with combining letters as the composed one', () => {
    assert.equal(inputOf({ name: 'Zoe\u0308' }).name, 'Zoë')
  })

  const unseen = {
    NUL: '\0',
    'a tab': '\t',
    'a zero width space': '\u200b',
    'a byte order mark': '\ufeff',
    'a right-to-left mark': '\u200f',
    'a left-to-right embedding': '\u202a',
    'a right-to-left isolate': '\u2067',
    'an object replacement': '\ufffc',
    'tag letters': '\u{e0061}',
  }
  for (const [what, character] of Object.entries(unseen)) {
    it(`takes what ${what} was pasted into or around as if it weren’t there`, () => {
      const around = (text: string) => `${character}${text}${character}`
      const input = inputOf({
        name: around('Ann'),
        email: around(`an${character}n@example.org`),
        postcode: around('1234'),
        comment: around('Because.'),
      })
      const { name, email, postcode, comment } = input
      assert.deepEqual([name, postcode, comment], ['Ann', '1234', 'Because.'])
      assert.deepEqual([email.typed, email.exact], ['ann@example.org', 'ann@example.org'])
    })
  }

  it('has an override mended in a name, an address or a comment, and leaves the postcode out', () => {
    assert.deepEqual(problemsOf({ name: 'Ann \u202eeeL' }), { name: 'direction' })
    assert.deepEqual(problemsOf({ email: 'ann@\u202egro.elpmaxe' }), { email: 'direction' })
    assert.deepEqual(problemsOf({ comment: '\u202desuaceB' }), { comment: 'direction' })
    assert.equal(inputOf({ postcode: '12\u202e34' }).postcode, '12 34')
  })

  it('names what is wrong with a name that can’t be shown', () => {
    assert.deepEqual(problemsOf({ name: 'M\ufffdller' }), { name: 'characters' })
    assert.deepEqual(problemsOf({ name: '\uf8ff Ann' }), { name: 'characters' })
    assert.deepEqual(problemsOf({ name: `z${'\u0335'.repeat(20)}` }), { name: 'marks' })
    for (const name of ['!!!', '...', '-', '\u0301']) {
      assert.deepEqual(problemsOf({ name }), { name: 'letters' }, JSON.stringify(name))
    }
    for (const name of ['\u200d', '\u3164', '\u200b\ufeff']) {
      assert.deepEqual(problemsOf({ name }), { name: 'missing' }, JSON.stringify(name))
    }
  })

  it('takes an address typed in wide letters, as Japanese keyboards have them', () => {
    assert.equal(
      inputOf({ email: 'ｌｅｙｌａ＠ｅｘａｍｐｌｅ．ｏｒｇ' }).email.typed,
      'leyla@example.org',
    )
  })

  const limits = { name: 100, comment: 500 } as const
  for (const [field, limit] of Object.entries(limits)) {
    it(`counts ${field} in letters, not in UTF-16 units: ${limit} and not one more`, () => {
      for (const letter of ['a', 'я', '𝐀', '𐐷']) {
        assert.deepEqual(problemsOf({ [field]: letter.repeat(limit) }), {}, letter)
        assert.deepEqual(
          problemsOf({ [field]: letter.repeat(limit + 1) }),
          { [field]: 'tooLong' },
          letter,
        )
      }
    })
  }

  it('lets nobody hide a long name behind combining marks', () => {
    const name = `z${'\u0335'.repeat(100)}`
    assert.deepEqual(problemsOf({ name }), { name: 'tooLong' })
  })

  it('measures a name after cleaning it', () => {
    assert.equal(inputOf({ name: `  ${'a'.repeat(100)}  ` }).name.length, 100)
    assert.equal(inputOf({ name: `a${' '.repeat(500)}b` }).name, 'a b')
  })

  it('says of an over-long address that it is too long, not that it is wrong', () => {
    assert.deepEqual(problemsOf({ email: `${'a'.repeat(250)}@b.org` }), { email: 'tooLong' })
  })

  it('takes a country in small letters and refuses what is none', () => {
    assert.equal(inputOf({ country: ' az ' }).country, 'AZ')
    for (const country of ['SU', 'Germany', '__proto__', 'constructor']) {
      assert.deepEqual(problemsOf({ country }), { country: 'invalid' }, country)
    }
  })

  it('takes postcodes of the world as people write them', () => {
    const postcodes: Record<string, string> = {
      '': '',
      '10115': '10115',
      'SW1A 1AA.': 'SW1A 1AA',
      AZ1000: 'AZ1000',
      '1000–001': '1000-001',
      '〒100-0001': '100-0001',
      '〒１００－０００１': '100-0001',
      '100ー0001': '100-0001',
      '101000, Москва': '101000 Москва',
      '(220030)': '220030',
      'K1A\u00a00B1': 'K1A 0B1',
      '١١٥١١': '١١٥١١',
    }
    for (const [typed, postcode] of Object.entries(postcodes)) {
      const parsed = parseSignForm({ ...good, postcode: typed })
      assert.ok(parsed.ok)
      assert.equal(parsed.input.postcode, postcode)
      assert.deepEqual(parsed.leftOut, [])
    }
  })

  it('signs without what is no postcode, and says so', () => {
    for (const postcode of [
      'n/a',
      '-',
      '?',
      'none',
      'нет',
      'yoxdur',
      '1'.repeat(17),
      '\u{1f4ee}',
    ]) {
      const parsed = parseSignForm({ ...good, postcode })
      assert.ok(parsed.ok, postcode)
      assert.equal(parsed.input.postcode, '')
      assert.deepEqual(parsed.leftOut, ['postcode'])
    }
  })

  it('asks about a comment that can’t be taken once, and then signs without it', () => {
    for (const comment of ['see www.example.org', 'a'.repeat(501), 'x\u202ey', 'M\ufffdller']) {
      const parsed = parseSignForm({ ...good, comment })
      assert.ok(!parsed.ok && parsed.problems.comment, comment)
      const again = parseSignForm({ ...good, comment, asked: digestOf(parsed.values.comment) })
      assert.ok(again.ok)
      assert.equal(again.input.comment, '')
      assert.deepEqual(again.leftOut, ['comment'])
      const mended = parseSignForm({ ...good, comment: 'Because.', asked: digestOf(comment) })
      assert.ok(mended.ok)
      assert.equal(mended.input.comment, 'Because.')
    }
  })

  it('asks about a slip once, and takes either answer', () => {
    const typed = { ...good, email: 'leyla@gmial.com' }
    assert.deepEqual(problemsOf(typed), { email: 'slip' })
    const kept = parseSignForm({ ...typed, asked: digestOf(typed.email) })
    assert.ok(kept.ok)
    assert.equal(kept.input.email.typed, 'leyla@gmial.com')
    const taken = parseSignForm({ ...typed, address: 'leyla@gmail.com' })
    assert.ok(taken.ok)
    assert.equal(taken.input.email.typed, 'leyla@gmail.com')
    const other = { ...good, email: 'leyla@hotmial.com', asked: digestOf(typed.email) }
    assert.deepEqual(problemsOf(other), { email: 'slip' })
  })

  it('refuses a letter that only looks right, however often it is sent', () => {
    for (const email of [
      'leyla@gmaıl.com',
      'LEYLA@GMAİL.COM',
      'leyla@gmаil.com',
      'лейла@mail.ru',
    ]) {
      assert.deepEqual(problemsOf({ email, asked: digestOf(email) }), { email: 'letter' }, email)
    }
  })

  it('asks about a dotless i in a name or a domain once, and takes either answer', () => {
    for (const [email, address] of [
      ['leyla@bakı.az', 'leyla@baki.az'],
      ['ali.yılmaz@example.com.tr', 'ali.yilmaz@example.com.tr'],
    ] as const) {
      assert.deepEqual(problemsOf({ email }), { email: 'slip' })
      assert.equal(inputOf({ email, asked: digestOf(email) }).email.typed, email)
      assert.equal(inputOf({ email, address }).email.typed, address)
    }
  })

  it('takes the apostrophe and the hyphen that a phone or a word processor writes for its own', () => {
    const plain: Record<string, string> = {
      'o’brien@example.ie': "o'brien@example.ie",
      'd‘arc@example.fr': "d'arc@example.fr",
      'd´angelo@example.it': "d'angelo@example.it",
      'o′hara.o\u02bcneill@example.ie': "o'hara.o'neill@example.ie",
      'anna‑maria@uni–example.de': 'anna-maria@uni-example.de',
      'ann@комп\u02bcютер.укр': 'ann@комп\u02bcютер.укр',
    }
    for (const [email, typed] of Object.entries(plain)) {
      assert.equal(inputOf({ email }).email.typed, typed, email)
    }
    assert.deepEqual(problemsOf({ email: 'o’brien' }), { email: 'invalid' })
  })

  it('keeps the lines of a comment', () => {
    assert.equal(inputOf({ comment: ' One.\r\n\r\n\r\n\r\nTwo. ' }).comment, 'One.\n\nTwo.')
  })

  it('keeps a name hidden unless the signer chooses otherwise', () => {
    assert.equal(inputOf({ display: '' }).display, 'hidden')
    assert.equal(inputOf({ display: 'initials' }).display, 'initials')
    assert.equal(inputOf({ display: 'name' }).display, 'name')
    assert.deepEqual(problemsOf({ display: 'NAME' }), { display: 'invalid' })
  })

  it('takes nothing but "yes" for consent or for mail later', () => {
    for (const value of ['on', 'true', '1', 'YES', '', 'no']) {
      assert.deepEqual(problemsOf({ consent: value }), { consent: 'missing' }, value)
      assert.equal(inputOf({ updates: value }).updates, false, value)
    }
    assert.equal(inputOf({ updates: 'yes' }).updates, true)
  })

  it('never refuses a signature for its attribution or its text version', () => {
    for (const odd of ['', ' ', '<b>', 'a'.repeat(33), '\0', '1e3', '-1', '99999999']) {
      const input = inputOf({ ref: odd, source: odd, textVersion: odd })
      assert.equal(input.ref, /^[\w-]{1,32}$/.test(odd) ? odd : null)
      assert.equal(input.textVersion, null)
    }
    const kept = inputOf({ ref: 'a_B-9', source: 'x', textVersion: '12' })
    assert.deepEqual([kept.ref, kept.source, kept.textVersion], ['a_B-9', 'x', 12])
  })

  it('takes the first value of a field that was sent twice', () => {
    assert.equal(inputOf({ name: ['First', 'Second'] }).name, 'First')
    assert.deepEqual(problemsOf({ name: [] }), { name: 'missing' })
    assert.deepEqual(problemsOf({ name: [['nested']] }), { name: 'missing' })
  })
})

describe('whatever is posted, the form', () => {
  const FIELDS = [
    ...Object.keys(good),
    'postcode',
    'comment',
    'display',
    'updates',
    'ref',
    'source',
    'asked',
    'address',
  ]
  const isRead = (body: unknown) => {
    const parsed = parseSignForm(body)
    for (const value of Object.values(parsed.values)) assert.equal(typeof value, 'string')
    assert.equal(parsed.ok, !('problems' in parsed))
    if (!parsed.ok) assert.ok(Object.keys(parsed.problems).length > 0, 'a refusal says why')
  }

  it('never throws, and never refuses without saying why', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), isRead), {
      numRuns: 500,
    })
  })

  it('never throws for any value of any field', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.anything(), fc.constant('yes'))
    const body = fc.dictionary(fc.constantFrom(...FIELDS, '__proto__', 'constructor'), value)
    fc.assert(
      fc.property(body, (fields) => isRead({ ...good, ...fields })),
      { numRuns: 500 },
    )
  })

  it('never takes a field from a prototype', () => {
    const polluted = Object.create({ ...good })
    const parsed = parseSignForm(polluted)
    assert.ok(!parsed.ok)
    assert.equal(parsed.values.name, '')
    const body = JSON.parse(
      `{"__proto__": ${JSON.stringify(good)}, "constructor": {"prototype": {}}}`,
    )
    assert.equal(parseSignForm(body).ok, false)
    assert.equal(({} as Record<string, unknown>).consent, undefined)
  })

  it('reads a million characters at once without dwelling on them', { timeout: 5000 }, () => {
    for (const text of ['a', ' ', '\n ', 'a@', '\u0335', '.', 'a.'].map((unit) =>
      unit.repeat(5e5),
    )) {
      const parsed = parseSignForm(Object.fromEntries(FIELDS.map((field) => [field, text])))
      assert.equal(parsed.ok, false)
    }
  })

  it('takes what it gave: a cleaned form reads as itself', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'aé \u0301\u00a0\t\n\r🌹.@\u200b\u200d\u200cبｍ\u00ad'),
    })
    const body = fc.record({
      name: text,
      email: text,
      country: text,
      postcode: text,
      comment: text,
    })
    fc.assert(
      fc.property(body, (fields) => {
        const { values } = parseSignForm(fields)
        assert.deepEqual(parseSignForm(values).values, values)
      }),
      { numRuns: 500 },
    )
  })
})
