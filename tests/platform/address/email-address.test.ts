import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { formerMailboxes, parseEmail } from '../../../src/platform/address/email-address.ts'
import { providers } from '../../../src/platform/address/email-providers.ts'

const normalised = (input: string) => parseEmail(input)?.normalised

describe('an e-mail address', () => {
  const sameMailbox: [string, string, string][] = [
    ['Gmail drops dots', 'Le.y.la@gmail.com', 'leyla@gmail.com'],
    ['Gmail drops what follows a plus', 'leyla+cop29@gmail.com', 'leyla@gmail.com'],
    ['googlemail.com is Gmail', 'ley.la@googlemail.com', 'leyla@gmail.com'],
    ['Proton drops dots, hyphens and underscores', 'l.e-y_la@proton.me', 'leyla@proton.me'],
    ['Proton has four domains', 'leyla@protonmail.com', 'leyla@proton.me'],
    ['one of them is Swiss', 'leyla@protonmail.ch', 'leyla@proton.me'],
    ['one of them is short', 'leyla+x@pm.me', 'leyla@proton.me'],
    ['Apple has three domains', 'leyla@me.com', 'leyla@icloud.com'],
    ['the oldest of them is mac.com', 'leyla@mac.com', 'leyla@icloud.com'],
    ['Apple keeps dots', 'ley.la@me.com', 'ley.la@icloud.com'],
    ['Yandex takes dots and hyphens for the same', 'ley.la@yandex.ru', 'ley-la@yandex.ru'],
    ['and drops neither', 'leyla@ya.ru', 'leyla@yandex.ru'],
    ...['ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.az', 'yandex.ua', 'narod.ru'].map(
      (same): [string, string, string] => [
        `${same} is Yandex`,
        `ley.la@${same}`,
        'ley-la@yandex.ru',
      ],
    ),
    ['Apple has no page on tags: a plus is a part of the name', 'a+b@me.com', 'a+b@icloud.com'],
    [
      'a name at Posteo is one person’s under all its domains',
      'leyla@posteo.net',
      'leyla@posteo.de',
    ],
    ['old names at docomo have dots in a row', 'Le..yla.@docomo.ne.jp', 'le..yla.@docomo.ne.jp'],
    ['and at au', 'a.@au.com', 'a.@au.com'],
    ['and at SoftBank', 'a..b@softbank.ne.jp', 'a..b@softbank.ne.jp'],
    ['under its other domain, too', 'a..b.@i.softbank.jp', 'a..b.@i.softbank.jp'],
    ['other providers keep dots', 'ley.la@mail.ru', 'ley.la@mail.ru'],
    [
      'who says nothing of tags may take them for names',
      'leyla+cop29@mail.ru',
      'leyla+cop29@mail.ru',
    ],
    ['Outlook drops tags', 'leyla+cop29@outlook.com', 'leyla@outlook.com'],
    ['a dot before the tag goes with it', 'leyla.+cop29@outlook.com', 'leyla@outlook.com'],
    ['a plus at the start tags nothing', '+leyla@outlook.com', '+leyla@outlook.com'],
    ['what a provider drops stays when nothing else is there', '_@proton.me', '_@proton.me'],
    ['capitals don’t matter', 'Leyla@Example.org', 'leyla@example.org'],
    ['letters of another width are other letters', 'ｏffice@example.org', 'ｏffice@example.org'],
  ]
  for (const [why, typed, mailbox] of sameMailbox) {
    it(`${typed} is the mailbox ${mailbox}: ${why}`, () => {
      assert.equal(normalised(typed), mailbox)
    })
  }

  it('every rule of the table names a domain that an address can have', () => {
    for (const [name, { same }] of Object.entries(providers)) {
      assert.ok(parseEmail(`a@${name}`), name)
      if (same)
        assert.equal(providers[same]?.same, undefined, `${same} must be the end of the road`)
    }
  })

  it('every rule says on which page of the provider’s it stands', () => {
    const source = readFileSync('src/platform/address/email-providers.ts', 'utf8')
    const table = source.slice(source.indexOf('const rules'), source.indexOf('/** By domain.'))
    const comments = table.match(/( {2}\/\/.*\n)+/g)!
    assert.ok(comments.length >= 9)
    for (const comment of comments) assert.match(comment, /https:\/\//)
  })

  it('is known as former tables told it, where they told it otherwise', () => {
    const former = (typed: string) =>
      formerMailboxes(parseEmail(typed)!).map(({ normalised, sure }) => [normalised, sure])
    assert.deepEqual(former('ann@example.org'), [])
    assert.deepEqual(former('a.nn+x@gmail.com'), [])
    assert.deepEqual(former('ivan.petrov@ya.ru'), [['ivanpetrov@yandex.ru', false]])
    assert.deepEqual(former('ann+x@example.org'), [['ann@example.org', false]])
    assert.deepEqual(former('Ann+x@me.com'), [
      ['ann@icloud.com', false],
      ['ann@icloud.com', false],
    ])
    assert.deepEqual(former('ann@posteo.net'), [
      ['ann@posteo.net', false],
      ['ann@posteo.net', true],
    ])
  })

  it('mail goes to what was typed: dots, tags, capitals and script are kept', () => {
    for (const typed of ['Some.One+cop29@Gmail.com', 'ann@Кириллица.РФ', 'Ünal@bücher.example']) {
      assert.equal(parseEmail(`  ${typed}\n`)?.typed, typed)
    }
  })

  it('a composed and a decomposed letter are the same letter', () => {
    assert.deepEqual(parseEmail('u\u0308nal@example.org'), parseEmail('ünal@example.org'))
  })

  it('domains in any script are told by their ASCII form', () => {
    assert.equal(normalised('ann@кириллица.рф'), 'ann@xn--80apaahia1b8c.xn--p1ai')
    assert.equal(normalised('ann@XN--80APAAHIA1B8C.xn--p1ai'), 'ann@xn--80apaahia1b8c.xn--p1ai')
    assert.equal(normalised('ann@bücher.example'), 'ann@xn--bcher-kva.example')
    assert.equal(normalised('ann@例子。中国'), 'ann@xn--fsqu00a.xn--fiqs8s')
    assert.equal(normalised('ann@ｅｘａｍｐｌｅ．ｏｒｇ'), 'ann@example.org')
  })

  it('every character that addresses may hold outside quotes is taken', () => {
    assert.ok(parseEmail("!#$%&'*+/=?^_`{|}~-@example.org"))
  })

  const refused: Record<string, string[]> = {
    'nothing, or no address at all': [
      '',
      ' ',
      'ann',
      '@',
      'ann@',
      '@example.org',
      'ann@@example.org',
    ],
    'a domain without a dot': ['ann@localhost', 'ann@com', 'ann@constructor', 'ann@__proto__'],
    'an address of a machine instead of a domain': [
      'ann@127.0.0.1',
      'ann@[127.0.0.1]',
      'ann@[IPv6:::1]',
      'ann@2130706433',
      'ann@0x7f.0.0.1',
      'ann@example.123',
    ],
    'a quoted local part': ['"ann"@example.org', '"ann lee"@example.org', '"a@b"@example.org'],
    'a second header or command': [
      'ann@example.org\r\nBcc: everyone@example.org',
      'ann@example.org\nBcc: everyone',
      'ann\r\nRCPT TO:<x@example.org>@example.org',
      'ann@exam\r\nple.org',
      'ann@example.org/\r\nBcc: everyone',
      'ann@example\t.org',
      'Ann <ann@example.org>',
      '<ann@example.org>',
      'ann@example.org, bob@example.org',
      'mailto:ann@example.org?bcc=bob',
    ],
    'what follows the domain in a web address': [
      'ann@example.org/',
      'ann@example.org/path',
      'ann@example.org?cc=bob',
      'ann@example.org#top',
      'ann@example.org:25',
      'ann@example%2eorg',
      'ann@user:secret@example.org',
      'ann@example.org\\x',
    ],
    'control and unseen characters': [
      'a\0nn@example.org',
      'ann\x7f@example.org',
      'ann@example.org\0',
      'ann@exa\u00admple.org',
      'an\u200bn@example.org',
      'ann@exam\u200bple.org',
      '\u202egro.elpmaxe@ann.org',
      'ann@example.org\ufffd',
      'ann\ud800@example.org',
    ],
    'a dot at an edge, or two in a row': [
      '.ann@example.org',
      'ann.@example.org',
      'an..n@example.org',
      'ann@.example.org',
      'ann@example.org.',
      'ann@example..org',
      '.+tag@gmail.com',
    ],
    'white space inside': [
      'an n@example.org',
      'ann@exam ple.org',
      'ann @example.org',
      'an\u00a0n@example.org',
    ],
    'letters that fold to white space or to several signs': ['ﷺ@example.org', '½@example.org'],
    'a label that is no host name': [
      'ann@-example.org',
      'ann@example-.org',
      'ann@ex_ample.org',
      'ann@xn--.org',
      'ann@xn--a.org',
      'ann@example.o',
      `ann@${'x'.repeat(64)}.org`,
    ],
    'a domain of pictures': ['ann@😀.org', 'ann@❤️.example', 'ann@example.🦊'],
  }
  for (const [what, inputs] of Object.entries(refused)) {
    it(`is refused for ${what}`, () => {
      for (const input of inputs) assert.equal(parseEmail(input), null, JSON.stringify(input))
    })
  }

  it('takes 64 bytes before the at sign and 254 characters in all, and not one more', () => {
    assert.ok(parseEmail(`${'a'.repeat(64)}@example.org`))
    assert.equal(parseEmail(`${'a'.repeat(65)}@example.org`), null)
    assert.ok(parseEmail(`${'я'.repeat(32)}@example.org`))
    assert.equal(parseEmail(`${'я'.repeat(33)}@example.org`), null)
    const long = (length: number) => {
      const name = `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.`
      return `${name}${'d'.repeat(30)}.${'e'.repeat(length - name.length - 35)}.org`
    }
    assert.equal(long(254).length, 254)
    assert.ok(parseEmail(long(254)))
    assert.equal(parseEmail(long(255)), null)
  })

  it('counts the domain by its ASCII form, as the mail server does', () => {
    const label = 'щажбюгэдьехзыикйълтмснрпочшуфц'
    const typed = `${'a'.repeat(60)}@${Array(5).fill(label).join('.')}.org`
    assert.ok(typed.length <= 254)
    assert.equal(parseEmail(typed), null)
  })
})
