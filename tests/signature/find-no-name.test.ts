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
  '🌹',
  '❤️',
  'Noor ★',
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
  'evil.co.uk',
  'youtu.be/xyz',
  'сайт.рф',
  'выборы.онлайн',
  'ｅｖｉｌ．ｃｏｍ',
  '①.evil.net:8080',
  '192.168.0.1',
]

const symbols = ['™ ®', '♥', '❤\ufe0e', '✓ ☎']

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
