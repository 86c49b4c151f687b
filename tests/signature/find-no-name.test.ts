import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findNoName } from '../../src/signature/form/find-no-name.ts'
import { parseSignForm } from '../../src/signature/form/sign-form.ts'
import { typedNames } from '../support/names.ts'

const people = [
  ...typedNames,
  'J.R. Smith',
  'J.R.R.Tolkien',
  'St. John',
  'St.John',
  "O'Neil",
  'Anna-Maria',
  'Anna.Maria',
  'anna.maria.de.souza',
  'Ж.М.Иванова',
  'Иванов И.И.',
  'M.Li',
  'Maria.Jo',
  'L.Page',
  'Aung.Win',
  'Smith.MD',
  'Dr.med. Ute Ohm',
  'Jean.Paul Sartre',
  'Martin Luther King, Jr.',
  'Ph.D. Lee',
  'Amig@s de la Tierra',
  'n@talie',
  'Sammy Davis jr.',
  'X Æ A-12',
  'A. Info-Müller',
  'A.Info-Müller',
  'Net Korn',
  'Լեյլա Յունուս',
  'ნინო ბერიძე',
  'م.يونس',
  '王・小明',
  '马克·吐温',
  'Noor ★',
  'van.de Velde',
  'Von.Der Leyen',
  'Ma.de Lourdes',
  'Fr.al Hakim',
  'ali.md',
  'SMITH.MD',
  'Smith.MA',
  'J.Net',
  'O.Info',
  'mr.tv',
  'Dr.No',
  'Mag.art. Eva Horn',
  'Anna @ Bob',
  'Anna @ B. Smith',
  'Amig@s. Tierra',
  'J.R. SMITH',
  'ST.JOHN',
  'M.Li/J.Wu',
  'Gal·la Pons',
  '王。小明',
  'A.Иванов',
  '々王',
  'ʻIolani',
  'ᵃⁿⁿ',
]

const addresses = [
  'spam@evil.example',
  'Ali ali@mail.ru',
  'ali @ mail . ru',
  'write to a.b+c@gmail.com now',
  '@spammer',
  'follow @spam_mer',
  '（＠spammer）',
  'ａｌｉ＠ｍａｉｌ．ｒｕ',
  'me@home,com',
  'me﹫home.example',
  'ALI @ MAIL . RU',
  '@ spammer',
]

const links = [
  'https://evil.example',
  'evil.com',
  'EVIL.COM',
  'Evil.Com',
  'x.com',
  'best casino.bet/now',
  'see evil.com.',
  '(evil.org)',
  'Evil.de',
  'visit evil.services',
  'evil.co.uk',
  'youtu.be/xyz',
  'сайт.рф',
  'выборы.онлайн',
  'ｅｖｉｌ．ｃｏｍ',
  '①.evil.net:8080',
  '192.168.0.1',
  'visit evil。com now',
  'evil｡com',
  'evil․com',
  'evil۔com',
  'evilꓸcom',
  'evil[.]com',
  'evil (dot) com',
  'evil .com',
  'ｗｗｗ．evil。com/x',
  'ｔ.me/evil',
  't.ly/abc1',
  'bit.Ly/abc',
  'T.LY/X',
  'evil.example∕x',
  'evil.invalid:8080',
  'EVIL.RU',
  'Evil.RU',
  'МОСКВА.РУС',
  'evil.zip',
  'evil.pro',
  'evil.world',
  'evil.today',
  'evil.life',
  'evil.onion',
  'EVIL.SU',
  'evil.中国',
  'фонд.укр',
  'موقع.شبكة',
  'i❤.ws',
  'xn--e1afmkfd.xn--p1ai',
  'evil.com-',
  'evil.com_',
  'evil.com-free',
  'evil.com.now',
  'X.Com',
  'evil.cоm/free',
  'evil.cоm',
  'evil.ру',
  'mailto:x',
  'TG:spam',
]

const symbols = [
  '™ ®',
  '♥',
  '❤\ufe0e',
  '✓ ☎',
  'ــــــ',
  '\ufe71\ufe71',
  '\u{13441}\u{13441}',
  '\u{13442} ـ',
]

describe('a name', () => {
  for (const name of people) {
    it(`such as ${name} is taken`, () => assert.equal(findNoName(name), null))
  }

  const problemOf = (name: string) => {
    const parsed = parseSignForm({ name, email: 'a@example.org', country: 'DE', consent: 'yes' })
    return parsed.ok ? null : parsed.problems.name
  }

  for (const [problem, names] of Object.entries({
    address: addresses,
    link: links,
    letters: symbols,
  })) {
    for (const name of names) {
      it(`such as ${name} is refused: ${problem}`, () => assert.equal(problemOf(name), problem))
    }
  }
})
