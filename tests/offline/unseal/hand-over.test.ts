import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { Command, CommanderError } from 'commander'
import { generateKey } from '../../../src/offline/unseal/generate-key.ts'
import { handOverFormats } from '../../../src/offline/unseal/hand-over.ts'
import { addUnsealCommands } from '../../../src/offline/unseal/unseal.commands.ts'
import { createCsvReader } from '../../../src/platform/table/read-csv.ts'
import { exportText, sealedLine, sealTo } from '../../support/sealed-export.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const organiser = generateKey(new Date())
const folder = temporaryFolder()
const at = (name: string) => join(folder, name)
/** Subscribers are leyla, olga, zoë and +plus; anna has left the list, which her record can't know. */
const SIGNERS = [
  { name: 'Leyla Yunus', email: 'Leyla@example.org', language: 'az', updates: true },
  { name: 'Ольга Ивановна Петрова', email: 'olga@example.org', language: 'ru', updates: false },
  { name: '=HYPERLINK("evil")', email: 'zoë@example.org', language: 'en', updates: true },
  { name: 'Anna Left', email: 'anna@example.org', language: 'be', updates: true },
  { name: 'Plus', email: '+plus@example.org', language: 'en', updates: true },
]
const LIST = `email,language,petition\r\n${['leyla@example.org', 'olga@example.org', 'zoë@example.org', "'+plus@example.org"].join(',en,x\r\n')},en,x\r\n`

/**
 * The first line of each file, and where its tool says what it imports. All were read on 2026-11-29, in stored copies
 * of these pages. Columns that a tool has no field for become fields of its own, named so.
 */
const COLUMNS = {
  // https://help.actionnetwork.org/hc/en-us/articles/203112959-File-formats-for-list-uploads: address, first and last
  // name, ZIP or postal code, country; headings named like its fields are matched, others become custom columns.
  actionnetwork:
    'email,first_name,last_name,zip_code,country,language,full_name,petition,signed_on,consent_version',
  // https://docs.civicrm.org/user/en/latest/common-workflows/importing-data-into-civicrm/: each column maps to a field.
  // A heading is matched by the field's title (civicrm-core, CRM/Import/Form/MapField.php), as in its
  // schema/Contact/Contact.entityType.php and schema/Core/Note.entityType.php.
  civicrm:
    'External Identifier,First Name,Last Name,Email,Country,Postal Code,Preferred Language,Contact Source,No Bulk Emails (User Opt Out),Note',
  // https://mailchimp.com/help/format-guidelines-for-your-import-file/: clearly labelled columns, text fields for
  // names, languages and postcodes of other countries.
  mailchimp:
    'Email Address,First Name,Last Name,Country,Postal Code,Language,Full Name,Petition,Signed On,Consent Version',
  // https://github.com/knadh/listmonk/blob/master/internal/subimporter/importer.go, csvHeaders: these, in lower case.
  listmonk: 'email,name,attributes',
}

async function unseal(...options: string[]) {
  let errors = ''
  const stderr = { write: (text: string) => (errors += text) }
  const program = new Command('undersigned')
    .exitOverride()
    .configureOutput({ writeErr: stderr.write, writeOut: () => {} })
  addUnsealCommands(program, stderr)
  const line = ['unseal', at('signed.jsonl'), '--identity', at('key.txt'), '--out', at('out.csv')]
  const error = await program.parseAsync([...line, '--force', ...options], { from: 'user' }).then(
    () => null,
    (reason: Error) => reason,
  )
  const code = error ? (error instanceof CommanderError ? 2 : 1) : 0
  return { code, errors: errors + (error?.message ?? '') }
}

async function handedOver(format: string, ...options: string[]) {
  const { code, errors } = await unseal('--format', format, ...options)
  assert.equal(code, 0, errors)
  const bytes = await readFile(at('out.csv'))
  assert.notEqual(bytes[0], 0xef, 'no byte order mark')
  const reader = createCsvReader(',')
  const [head, ...rows] = [...reader.push(bytes.toString()), ...reader.end()]
  const people = rows.map(({ cells }) => {
    assert.equal(cells.length, head!.cells.length)
    return Object.fromEntries(head!.cells.map((name, index) => [name, cells[index]!]))
  })
  return { head: head!.cells, people, errors }
}

describe('the list for a mailing tool', () => {
  before(async () => {
    await writeFile(at('key.txt'), organiser.text)
    const lines = SIGNERS.map((fields, index) =>
      sealedLine(
        { ...fields, id: String(index + 1), normalisedEmail: fields.email.toLowerCase() },
        [organiser.recipient],
      ),
    )
    await writeFile(at('signed.jsonl'), exportText(await Promise.all(lines)))
    await writeFile(at('list.csv'), LIST)
    await writeFile(at('list.csv.age'), await sealTo([organiser.recipient], Buffer.from(LIST)))
  })

  it('is not written before it is said whom the tool may have', async () => {
    const { code, errors } = await unseal('--format', 'mailchimp')
    assert.equal(code, 2)
    assert.match(
      errors,
      /signing a petition is no consent to a newsletter.*--subscribers.*--everyone/,
    )
    assert.equal((await unseal('--format', 'csv', '--everyone')).code, 2)
  })

  it('has those alone who are on the list of today, whatever they wished when they signed', async () => {
    for (const list of ['list.csv', 'list.csv.age']) {
      const { people, errors } = await handedOver('listmonk', '--subscribers', at(list))
      assert.deepEqual(
        people.map(({ email }) => email),
        ['Leyla@example.org', 'olga@example.org', 'zoë@example.org'],
      )
      assert.match(errors, /1 are not on the list of subscribers/)
      assert.match(errors, /1 have an address that this tool doesn't take, or that a spreadsheet/)
      assert.match(errors, /5 of 5 records opened, 3 written/)
    }
  })

  it('has the columns that each tool imports, and no other', async () => {
    assert.deepEqual(Object.keys(COLUMNS), [...handOverFormats])
    for (const format of handOverFormats) {
      const { head } = await handedOver(format, '--subscribers', at('list.csv'))
      assert.equal(head.join(','), COLUMNS[format])
    }
  })

  it('has the attributes of listmonk’s people as JSON, and no formula', async () => {
    const { people } = await handedOver('listmonk', '--subscribers', at('list.csv'))
    assert.equal(people[1]!.name, 'Ольга Ивановна Петрова')
    assert.equal(people[2]!.name, `'=HYPERLINK("evil")`)
    assert.deepEqual(JSON.parse(people[0]!.attributes!), {
      petition: 'free-them',
      country: 'AZ',
      postcode: 'AZ1000',
      language: 'az',
      signed_on: '2026-01-02',
      consent_version: 1,
    })
  })

  it('has Mailchimp’s columns, the whole name, and no address that Mailchimp refuses', async () => {
    const { people, errors } = await handedOver('mailchimp', '--subscribers', at('list.csv'))
    assert.deepEqual(
      people.map((each) => each['Full Name']),
      ['Leyla Yunus', 'Ольга Ивановна Петрова'],
    )
    assert.deepEqual(Object.values(people[0]!), [
      ...['Leyla@example.org', 'Leyla', 'Yunus', 'AZ', 'AZ1000', 'az'],
      ...['Leyla Yunus', 'free-them', '2026-01-02', '1'],
    ])
    assert.match(errors, /2 have an address that this tool doesn't take/)
  })

  it('cuts a name for Action Network only where there is one place to cut', async () => {
    const { people } = await handedOver('actionnetwork', '--subscribers', at('list.csv'))
    const names = people.map((each) => [each.first_name, each.last_name, each.full_name])
    assert.deepEqual(names[0], ['Leyla', 'Yunus', 'Leyla Yunus'])
    assert.deepEqual(Object.values(people[0]!), [
      ...['Leyla@example.org', 'Leyla', 'Yunus', 'AZ1000', 'AZ', 'az'],
      ...['Leyla Yunus', 'free-them', '2026-01-02', '1'],
    ])
    assert.deepEqual(names[1], ['Ольга Ивановна Петрова', '', 'Ольга Ивановна Петрова'])
  })

  it('tells CiviCRM who must get no bulk mail, when everybody is handed over', async () => {
    const { people, errors } = await handedOver(
      ...(['civicrm', '--everyone', '--subscribers', at('list.csv')] as const),
    )
    const out = Object.fromEntries(
      people.map((each) => [each.Email, each['No Bulk Emails (User Opt Out)']]),
    )
    assert.deepEqual(out, {
      'Leyla@example.org': '0',
      'olga@example.org': '0',
      'zoë@example.org': '0',
      'anna@example.org': '1',
    })
    assert.deepEqual(Object.values(people[0]!), [
      ...[
        '1',
        'Leyla',
        'Yunus',
        'Leyla@example.org',
        'AZ',
        'AZ1000',
        'az_AZ',
        'Petition free-them',
      ],
      ...['0', 'Leyla Yunus; signed 2026-01-02; consent version 1'],
    ])
    assert.match(errors, /also who never asked for mail/)
    assert.equal(
      (await handedOver('civicrm', '--everyone')).people[0]!['No Bulk Emails (User Opt Out)'],
      '1',
    )
    const both = await unseal(
      '--format',
      'mailchimp',
      '--everyone',
      '--subscribers',
      at('list.csv'),
    )
    assert.equal(both.code, 2)
  })

  it('is refused for a file that is no list of subscribers', async () => {
    const { code, errors } = await unseal(
      '--format',
      'listmonk',
      '--subscribers',
      at('signed.jsonl'),
    )
    assert.equal(code, 1)
    assert.match(errors, /is no list of subscribers as CSV.*subscriber export/)
  })
})
