import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mailDomains } from '../../src/signature/form/mail-domains.ts'
import { suggestAddress } from '../../src/signature/form/suggest-address.ts'

const meant = (domain: string) => suggestAddress(`ann@${domain}`)?.slice('ann@'.length) ?? null

describe('a slip in a well-known domain', () => {
  const slips: Record<string, Record<string, string>> = {
    'a letter too few': {
      'gmal.com': 'gmail.com',
      'yandx.ru': 'yandex.ru',
      'outlok.com': 'outlook.com',
    },
    'a letter too many': {
      'gmaill.com': 'gmail.com',
      'iicloud.com': 'icloud.com',
      'ramblerr.ru': 'rambler.ru',
    },
    'a wrong letter': {
      'gnail.com': 'gmail.com',
      'hitmail.com': 'hotmail.com',
      'seznan.cz': 'seznam.cz',
    },
    'two letters swapped': {
      'gmial.com': 'gmail.com',
      'mial.ru': 'mail.ru',
      'yadnex.by': 'yandex.by',
    },
    'an end that no country has': {
      'gmail.con': 'gmail.com',
      'yandex.ri': 'yandex.ru',
      'mail.tu': 'mail.ru',
      'hotmail.vom': 'hotmail.com',
      'bk.ri': 'bk.ru',
    },
    'an end under which the provider has none': {
      'gmail.co': 'gmail.com',
      'gmail.ru': 'gmail.com',
      'icloud.cm': 'icloud.com',
      'yahoo.co': 'yahoo.com',
      'gmail.com.ru': 'gmail.com',
    },
    'one in the name and one in the end': { 'gmial.con': 'gmail.com', 'yandx.ri': 'yandex.ru' },
    'small letters or capitals alike': { 'GMIAL.COM': 'gmail.com' },
  }
  for (const [what, domains] of Object.entries(slips)) {
    it(`is seen by ${what}`, () => {
      for (const [typed, domain] of Object.entries(domains))
        assert.equal(meant(typed), domain, typed)
    })
  }

  it('is suspected in no domain of the list', () => {
    for (const domain of mailDomains) assert.equal(meant(domain), null, domain)
  })

  it('is suspected in no domain of others, however near', () => {
    for (const domain of [
      ...[
        'mail.ru',
        'ya.ru',
        'inbox.ru',
        'yandex.by',
        'tut.by',
        'mail.az',
        'gmx.de',
        'web.de',
        'seznam.cz',
      ],
      ...[
        'proton.me',
        'icloud.com',
        'example.org',
        'uni-heidelberg.de',
        'gov.az',
        'bsu.by',
        'mail.rs',
        'gmx.fr',
      ],
      ...[
        'vk.ru',
        'ua.ru',
        'tut.ua',
        'male.ru',
        'main.ru',
        'love.com',
        'olive.com',
        'web.dk',
        'box.de',
        'mail.cz',
      ],
      ...[
        'mailbox.hu',
        'proton.com',
        'yahoo.ru',
        'hotmail.cz',
        'kirche.de',
        'пример.бел',
        'bücher.example',
      ],
      ...['mail.gmail-tips.com', 'students.yandex-school.ru', 'outlook.school.example'],
    ]) {
      assert.equal(meant(domain), null, domain)
    }
  })

  it('leaves what stands before the at sign alone', () => {
    assert.equal(suggestAddress('Some.One+x@gmial.com'), 'Some.One+x@gmail.com')
    for (const typed of ['', '@', 'ann', '@gmial.com', 'ann@'])
      assert.equal(suggestAddress(typed), null)
  })
})
