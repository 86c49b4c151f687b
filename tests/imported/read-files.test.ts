import assert from 'node:assert/strict'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Origin } from '../../src/imported/map-columns.ts'
import { sizeOf } from '../../src/imported/open-file.ts'
import { readPeople } from '../../src/imported/read-people.ts'
import type { Person } from '../../src/imported/read-row.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const folder = temporaryFolder()
let files = 0

async function save(content: string | Buffer): Promise<string> {
  const path = join(folder, `${++files}.csv`)
  await writeFile(path, content)
  return path
}

async function read(content: string | Buffer, origin: Origin = 'csv') {
  const people: Person[] = []
  const bad: string[] = []
  for await (const rows of readPeople(await save(content), origin)) {
    for (const row of rows) {
      if ('person' in row) people.push(row.person)
      else bad.push(`${row.line}: ${row.problem}`)
    }
  }
  return { people, bad, emails: people.map(({ email }) => email.typed) }
}

const refusal = async (content: string | Buffer) => {
  const error = await read(content).then(
    () => null,
    (reason: Error) => reason,
  )
  assert.ok(error, 'it is refused')
  assert.ok(!error.message.includes('\n'), 'in one line')
  return error.message
}

const wide = (text: string) => Buffer.from(text, 'utf16le')

describe('a file of signatures', () => {
  it('is read in UTF-16 of either order, with tabs, with and without a byte order mark', async () => {
    const text = 'Name\tEmail\tSigned On\r\nОльга Петрова\tolga@example.org\t3/14/2024\r\n'
    for (const bytes of [wide(`\ufeff${text}`), wide(`\ufeff${text}`).swap16()]) {
      const { people } = await read(bytes, 'change.org')
      assert.deepEqual(
        people.map(({ name, signedOn }) => [name, signedOn]),
        [['Ольга Петрова', '2024-03-14']],
      )
    }
    const plain = wide('Name\tEmail\r\nOlga\tolga@example.org\r\n')
    assert.deepEqual((await read(plain)).emails, ['olga@example.org'])
  })

  it('is read with semicolons, quotes, line breaks within them, and any end of lines', async () => {
    const { people, bad } = await read(
      '\ufeffVorname;Name;E-Mail;PLZ;Land;Datum;Kommentar\n"Jo ""J"" Ann";Müller;jo@example.org;01067;Deutschland;05.03.2024;"a;\nb"\r\n\r\nx;y;z\rAnna;;anna@example.org;;;;\n',
      'openpetition',
    )
    const [jo, anna] = people
    assert.deepEqual(
      [jo!.name, jo!.postcode, jo!.country, jo!.signedOn, jo!.comment],
      ['Jo "J" Ann Müller', '01067', 'DE', '2024-03-05', 'a; b'],
    )
    assert.equal(anna!.name, 'Anna')
    assert.deepEqual(bad, ['5: has no e-mail address that mail can reach'])
  })

  it('is read as Action Network writes it', async () => {
    const { people } = await read(
      'first_name,last_name,email,zip_code,country,Timestamp (EST)\nLeyla,Yunus,Leyla@Example.org,AZ1000,AZ,2024-02-03 10:11:12\n',
      'actionnetwork',
    )
    const { name, email, postcode, country, signedOn } = people[0]!
    assert.deepEqual(
      [name, email.normalised, postcode, country, signedOn],
      ['Leyla Yunus', 'leyla@example.org', 'AZ1000', 'AZ', '2024-02-03'],
    )
  })

  it('tells no month from a day where nobody can', async () => {
    const { people } = await read('name,email,date\nA B,a@example.org,3/4/2024\n')
    assert.equal(people[0]!.signedOn, '')
  })

  it('is refused in windows-1251, by name and with the way to convert it', async () => {
    const cp1251 = Buffer.concat([
      Buffer.from('name;email\r\n'),
      ...Array.from({ length: 40 }, (_, at) =>
        Buffer.concat([
          Buffer.from([
            0xce, 0xeb, 0xfc, 0xe3, 0xe0, 0x20, 0xcf, 0xe5, 0xf2, 0xf0, 0xee, 0xe2, 0xe0,
          ]),
          Buffer.from(`;o${at}@example.org\r\n`),
        ]),
      ),
    ])
    assert.match(
      await refusal(cp1251),
      /seems to be WINDOWS-1251 \(Cyrillic, as Excel on Windows saves CSV\).*"CSV UTF-8".*iconv -f WINDOWS-1251 -t UTF-8/,
    )
  })

  it('is refused when it is a ZIP, a workbook, compressed, sealed, cut short or empty', async () => {
    assert.match(
      await refusal(Buffer.from('PK\u0003\u0004rest')),
      /a ZIP or an Excel workbook: unpack/,
    )
    assert.match(await refusal(Buffer.from([0x1f, 0x8b, 8, 0, 0])), /gunzip/)
    assert.match(await refusal('age-encryption.org/v1\n-> X25519'), /sealed: open it first/)
    assert.match(
      await refusal('name,email\n"Ann,ann@example.org\n'),
      /a quote that is never closed/,
    )
    assert.match(await refusal(`name,email\n"${'x'.repeat(200_000)}`), /line 2 has a cell of more/)
    assert.match(await refusal('name,email\n'), /no row below its first line/)
    await assert.rejects(sizeOf(await save('')), /is empty/)
    await assert.rejects(sizeOf(folder), /it is no file/)
    await assert.rejects(sizeOf(join(folder, 'none.csv')), /it is not there/)
    const huge = join(folder, 'huge.csv')
    const file = await open(huge, 'w')
    await file.truncate(3 * 1024 ** 3)
    await file.close()
    await assert.rejects(sizeOf(huge), /more than 2 GB: cut it into parts/)
  })

  it('is refused without a column of addresses, and paper is named as the other way', async () => {
    assert.match(
      await refusal('Name,City,Signed On\nAnn,Berlin,2024-01-01\n'),
      /no column of e-mail addresses.*Name, City, Signed On.*undersigned paper add/,
    )
    assert.match(await refusal('email\nann@example.org\n'), /no column of names/)
  })

  it('is refused without headings, and nobody’s row is quoted', async () => {
    const message = await refusal(
      'Leyla Yunus;leyla@example.org;Baku\nOlga;olga@example.org;Minsk\n',
    )
    assert.match(message, /its first line must name the columns/)
    assert.doesNotMatch(message, /Leyla|leyla|Baku/)
    const wideTable = `name,${Array.from({ length: 300 }, (_, at) => `column ${at} ${'x'.repeat(500)}`).join(',')}\nAnn\n`
    assert.ok((await refusal(wideTable)).length < 2000)
  })

  it('has first and last names apart in every language, with and without accents', async () => {
    for (const [first, last, email = 'E-Mail'] of [
      ['Имя', 'Фамилия'],
      ['Ad', 'Soyad'],
      ['Імя', 'Прозвішча'],
      ['Prénom', 'Nom', 'Adresse e-mail'],
      ['PRENOM', 'NOM'],
      ['Vorname', 'Name'],
      ['Imię', 'Nazwisko', 'Adres e-mail'],
      ['Ім’я', 'Прізвище', 'Електронна пошта'],
      ['Nombre', 'Apellidos', 'Correo electrónico'],
      ['Adı', 'Soyadı', 'E-posta'],
      ['სახელი', 'გვარი', 'ელფოსტა'],
      ['نام', 'نام خانوادگی', 'ایمیل'],
    ]) {
      const { people } = await read(`${first};${last};${email}\nLeyla;Yunus;leyla@example.org\n`)
      assert.equal(people[0]!.name, 'Leyla Yunus', `${first}, ${last}`)
    }
    const whole = await read('Full name;Last name;E-Mail\nLeyla Yunus;Yunus;leyla@example.org\n')
    assert.equal(whole.people[0]!.name, 'Leyla Yunus')
  })

  it('tells a language by its tag, and guesses nothing from another word', async () => {
    const given = ['de', 'pt-BR', 'be_BY', 'Estonian', 'Kazakh', '']
    const rows = given.map((language, at) => `Ann,a${at}@example.org,${language}\n`)
    const { people } = await read(`name,email,language\n${rows.join('')}`)
    assert.deepEqual(
      people.map(({ language }) => language),
      ['de', 'pt', 'be', '', '', ''],
    )
  })

  it('is read in memory that does not grow with it', async () => {
    const path = join(folder, 'long.csv')
    const file = await open(path, 'w')
    await file.write('name,email\n')
    const part = Array.from({ length: 10_000 }, (_, at) => `Ann Lee,ann${at}@example.org\n`).join(
      '',
    )
    for (let count = 0; count < 10; count++) await file.write(part)
    await file.close()
    let rows = 0
    let most = 0
    // Without what nobody holds any more: when that goes is the engine's own choice.
    const held = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = held()
    for await (const some of readPeople(path, 'csv')) {
      rows += some.length
      most = Math.max(most, held())
    }
    assert.equal(rows, 100_000)
    // 100,000 people would take some 70 MB.
    assert.ok(most - before < 60 * 1024 * 1024, `${Math.round((most - before) / 1e6)} MB`)
  })
})
