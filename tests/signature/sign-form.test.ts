import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'

import { digestOf, parseSignForm } from '../../src/signature/form/sign-form.ts'
import { findHold } from '../../src/signature/moderation/hold.ts'
import { good, inputOf, problemsOf } from '../support/parsed-form.ts'

const LINKS_AND_ADDRESSES = [
  'See https://www.example.org/report',
  'See http：⁄⁄example.org',
  'See www.example.org',
  'See example.org',
  'See example[.]org',
  'See 192.0.2.1',
  'Write to a@example.org',
  'Write to mailto:a@example.org',
  'I am @leyla',
]

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
        comment: 'Because\ufffd',
        display: 'shout',
        consent: 'no',
      }),
      {
        name: 'link',
        email: 'invalid',
        country: 'invalid',
        comment: 'characters',
        display: 'invalid',
        consent: 'missing',
      },
    )
  })

  it('takes links and addresses in a comment, however they are written, and not as a name', () => {
    for (const comment of LINKS_AND_ADDRESSES) {
      assert.equal(inputOf({ comment }).comment, comment)
      assert.match(findHold(comment, () => false) ?? 'not held', /^(link|address)$/, comment)
      assert.match(problemsOf({ name: comment }).name ?? 'taken', /^(link|address)$/, comment)
    }
  })

  it('gives back what was typed beside the problems', () => {
    const parsed = parseSignForm({ ...good, email: 'leyla@', comment: 'Because.', ref: 'abc' })
    assert.equal(parsed.ok, false)
    assert.equal(parsed.values.email, 'leyla@')
    assert.equal(parsed.values.comment, 'Because.')
    assert.equal(parsed.values.ref, 'abc')
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
    for (const comment of ['a'.repeat(501), 'x\u202ey', 'M\ufffdller']) {
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
