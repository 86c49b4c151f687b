import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { findForeignLetter } from '../../src/signature/form/find-foreign-letter.ts'
import { mailDomains } from '../../src/signature/form/mail-domains.ts'

describe('a letter that is out of its place in an address', () => {
  const refused: Record<string, [typed: string, letter: string][]> = {
    'the dotless and the dotted I among ASCII': [
      ['ALI@GMAİL.COM', 'İ'],
      ['ann@gmaıl.com', 'ı'],
      ['ALİ@example.org', 'İ'],
      ['alı@example.org', 'ı'],
      ['ann@posta.bılgı.edu.tr', 'ı'],
    ],
    'a domain in mixed alphabets, in any label': [
      ['ann@gmаil.com', 'а'],
      ['ann@exаmple.org', 'а'],
      ['ann@mail.exаmple.org', 'а'],
      ['ann@exampΙe.org', 'Ι'],
      ['ann@пошта.бelарусь', 'б'],
      ['ann@gmail.соm', 'с'],
    ],
    'the same behind its ASCII form': [
      ['ann@xn--gmal-nza.com', 'ı'],
      ['ann@XN--GMAL-NZA.COM', 'ı'],
      ['ann@xn--gmil-63d.com', 'а'],
    ],
    'a domain in one alphabet that is read as a provider’s': [
      ['ann@уаһоо.com', 'у'],
      ['ann@gmáil.com', 'á'],
      ['ann@ġmail.com', 'ġ'],
      ['ann@gmail.сом', 'с'],
      ['ann@маіӏ.ru', 'м'],
      ['ann@ουτlook.com', 'ο'],
    ],
    'a script that nobody writes mail in': [
      ['ann@ᎡᎢ.com', 'Ꭱ'],
      ['ann@ꓖꓟ.com', 'ꓖ'],
    ],
    'a local part in mixed alphabets': [
      ['аnn@example.org', 'а'],
      ['ivan.pеtrov@example.org', 'е'],
      ['anνa@пошта.укр', 'ν'],
    ],
    'anything but ASCII before a provider that has no such names': [
      ['анна@gmail.com', 'а'],
      ['leyla.əliyeva@mail.ru', 'ə'],
      ['jürgen@gmx.de', 'ü'],
      ['李@qq.com', '李'],
    ],
  }
  for (const [what, addresses] of Object.entries(refused)) {
    it(`is found in ${what}, and named`, () => {
      for (const [typed, letter] of addresses) {
        assert.equal(findForeignLetter(typed)?.toLowerCase(), letter.toLowerCase(), typed)
      }
    })
  }

  it('is none in an address of one alphabet, or of those that are written beside each other', () => {
    for (const typed of [
      'ann@gmail.com',
      'анна@пошта.укр',
      'ann@кириллица.рф',
      'ann@XN--80APAAHIA1B8C.xn--p1ai',
      'ünal@bücher.example',
      'ışık@yeşilköşe.com.tr',
      'ann@例子.中国',
      '山田a@ひらがなカタカナ漢字abc.jp',
      '김a@한국abc.kr',
      'नाम@उदाहरण.भारत',
      'δοκιμή@παράδειγμα.ελ',
      'ann@роса.рф',
      "o'neill+x@example.org",
      '',
      '@',
      'ann',
      'ann@',
    ]) {
      assert.equal(findForeignLetter(typed), null, typed)
    }
  })

  it('is none in any listed provider’s own domain', () => {
    for (const domain of mailDomains) assert.equal(findForeignLetter(`ann@${domain}`), null, domain)
  })

  it('is looked for in whatever is typed without fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (local, domain) => {
        const letter = findForeignLetter(`${local}@${domain}`)
        if (letter !== null) assert.match(letter, /\P{ASCII}/u)
      }),
      { numRuns: 1000 },
    )
  })
})
