import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { findForeignLetter, LATIN } from '../../../src/platform/address/find-foreign-letter.ts'
import { mailDomains } from '../../../src/platform/address/mail-domains.ts'
import { skeleton } from '../../../src/platform/address/skeleton.ts'

describe('a letter that is out of its place in an address', () => {
  const refused: Record<string, [typed: string, letter: string][]> = {
    'the dotted I among ASCII, and the dotless in a provider’s name': [
      ['ALI@GMAİL.COM', 'İ'],
      ['ann@gmaıl.com', 'ı'],
      ['ALİ@example.org', 'İ'],
      ['ANN@DİYARBAKIR.EXAMPLE', 'İ'],
      ['ann@maıl.ru', 'ı'],
      ['ann@lıve.com', 'ı'],
      ['ali.yılmaz@gmail.com', 'ı'],
    ],
    'a Latin letter that no language of today writes, whatever the domain': [
      ['ann@ɢmail.com', 'ɢ'],
      ['ann@ɢmx.de', 'ɢ'],
      ['ann@ᴘosteo.de', 'ᴘ'],
      ['ann@naᴠer.com', 'ᴠ'],
      ['ann@prᴏton.me', 'ᴏ'],
      ['ann@gmaiƖ.com', 'Ɩ'],
      ['ann@gmaiǀ.com', 'ǀ'],
      ['ann@gʍail.com', 'ʍ'],
      ['ann@Ƽ63.com', 'Ƽ'],
      ['ann@heidelbeʀg.example', 'ʀ'],
      ['ann@ꜱparkasse.example', 'ꜱ'],
      ['ann@ʃtadt.example', 'ʃ'],
      ['ann@mail.ƿorld.example', 'ƿ'],
      ['ann@xn--mail-47b.com', 'ɢ'],
      ['ꞵob@example.org', 'ꞵ'],
      ['ᴀnn@example.org', 'ᴀ'],
      ['ﬁona@example.org', 'ﬁ'],
    ],
    'a word that has other letters beyond ASCII in their place': [
      ['ann@mü\u0262e.example', '\u0262'],
      ['ann@bücher-l\u0430den.example', '\u0430'],
      ['ünal.\u0430y@example.org', '\u0430'],
    ],
    'a sign of no alphabet': [
      ['ann@gmaiˈl.com', 'ˈ'],
      ['ann@exampleˌ.org', 'ˌ'],
      ['ann@gmaiŀ.com', 'ŀ'],
      ['ann@examplŀe.org', 'ŀ'],
    ],
    'a provider’s name in letters that some language has': [
      ['ann@ǥmail.com', 'ǥ'],
      ['ann@gmaił.com', 'ł'],
      ['ann@hoŧmail.com', 'ŧ'],
      ['ann@ƙpnmail.nl', 'ƙ'],
      ['ann@outłook.com', 'ł'],
      ['ann@yɑhoo.com', 'ɑ'],
      ['ann@naʋer.com', 'ʋ'],
      ['ann@frəenet.de', 'ə'],
      ['ann@grñail.com', 'ñ'],
      ['ann@pöstéo.de', 'ö'],
    ],
    'a provider’s name with a letter that is written beside Latin': [
      ['ann@gmai丨.com', '丨'],
      ['ann@gmaiㅣ.com', 'ㅣ'],
      ['ann@yah〇o.com', '〇'],
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
      'ann@bakı.az',
      'ann@diyarbakır.com.tr',
      'ali.yılmaz@example.com.tr',
      'ann@xn--bak-lua.az',
      'ann@azərbaycan.example',
      'ann@điện-lực.example',
      'ann@žluťoučký-kůň.example',
      'ann@łódź.example',
      'ann@þjóð-ðæøœß.example',
      'ann@ħŋŧ.example',
      'ann@ɓaƙi-ƴan.example',
      'ann@kɔfi-ɛʋe-ɖaƒɣ.example',
      'ann@sääm-ǥiõll-ʒ.example',
      'ann@hawaiʻi.example',
      'ann@комп\u02bcютер.укр',
      'ann@paral\u00b7lel.cat',
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

  it('of a language of today is known by what it looks like in ASCII', () => {
    for (const letter of LATIN) assert.match(skeleton(letter), /^[a-z3]{1,2}$/, letter)
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
