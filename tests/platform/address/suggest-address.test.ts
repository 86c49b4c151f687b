import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mailDomains } from '../../../src/platform/address/mail-domains.ts'
import { suggestAddress } from '../../../src/platform/address/suggest-address.ts'

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
    'letters that look like another together': {
      'grnail.com': 'gmail.com',
      'hotrnail.com': 'hotmail.com',
      'rnail.ru': 'mail.ru',
      'vvalla.co.il': 'walla.co.il',
      'icloucl.com': 'icloud.com',
      'mai1.ru': 'mail.ru',
    },
    'an end that goes on after the provider’s': {
      'yandex.ru.xx': 'yandex.ru',
      'zoho.com.con': 'zoho.com',
    },
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
        'clay.az',
        'kirche.de',
        'пример.бел',
        'bücher.example',
      ],
      ...['mail.gmail-tips.com', 'students.yandex-school.ru', 'outlook.school.example'],
    ]) {
      assert.equal(meant(domain), null, domain)
    }
  })

  it('is none in a provider’s name under another country’s end', () => {
    for (const name of [
      'yahoo',
      'live',
      'outlook',
      'hotmail',
      'zoho',
      'yandex',
      'fastmail',
      'sina',
    ]) {
      for (const end of [
        'com.pe',
        'com.my',
        'com.co',
        'com.mx',
        'com.au',
        'com.ve',
        'com.ng',
        'co.za',
        'cl',
        'in',
      ]) {
        assert.equal(meant(`${name}.${end}`), null, `${name}.${end}`)
      }
    }
  })

  it('and a dotless i among ASCII are asked about, in the domain and before it', () => {
    const asked: Record<string, string> = {
      'ann@bakı.az': 'ann@baki.az',
      'ann@diyarbakır.com.tr': 'ann@diyarbakir.com.tr',
      'ann@posta.bılgı.edu.tr': 'ann@posta.bilgi.edu.tr',
      'ann@xn--bak-lua.az': 'ann@baki.az',
      'ali.yılmaz@example.com.tr': 'ali.yilmaz@example.com.tr',
      'yılmaz@ışık.com.tr': 'yilmaz@ışık.com.tr',
      'ann@gmıal.com': 'ann@gmail.com',
    }
    for (const [typed, suggestion] of Object.entries(asked)) {
      assert.equal(suggestAddress(typed), suggestion, typed)
      assert.equal(suggestAddress(suggestion), null, suggestion)
    }
    for (const typed of ['ışık@yeşilköşe.com.tr', 'ışıl.gün@example.com.tr']) {
      assert.equal(suggestAddress(typed), null, typed)
    }
  })

  it('leaves what stands before the at sign alone', () => {
    assert.equal(suggestAddress('Some.One+x@gmial.com'), 'Some.One+x@gmail.com')
    for (const typed of ['', '@', 'ann', '@gmial.com', 'ann@'])
      assert.equal(suggestAddress(typed), null)
  })
})
