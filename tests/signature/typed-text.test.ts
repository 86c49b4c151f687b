import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf, parseSignForm } from '../../src/signature/form/sign-form.ts'
import { good, inputOf, problemsOf } from '../support/parsed-form.ts'

describe('what is typed into the form’s name and address', () => {
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

  it('takes an address typed in wide letters, as Japanese keyboards have them', () => {
    assert.equal(
      inputOf({ email: 'ｌｅｙｌａ＠ｅｘａｍｐｌｅ．ｏｒｇ' }).email.typed,
      'leyla@example.org',
    )
  })

  it('says of an over-long address that it is too long, not that it is wrong', () => {
    assert.deepEqual(problemsOf({ email: `${'a'.repeat(250)}@b.org` }), { email: 'tooLong' })
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
})
