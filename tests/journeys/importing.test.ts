import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { addDeliverCommands } from '../../src/commands/deliver.ts'
import { addImportCommands } from '../../src/commands/import.ts'
import { addPetitionCommands } from '../../src/commands/petition.ts'
import { gatherDelivery } from '../../src/delivery/gather-delivery.ts'
import { letterBlocks } from '../../src/delivery/write-letter.ts'
import { addJob } from '../../src/platform/jobs/add-job.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { demoIdentity, openExport } from '../support/open-export.ts'
import { listEntries } from '../support/public-log.ts'
import { readZip } from '../support/read-zip.ts'
import { runCommand } from '../support/run-command.ts'
import { get, signAndConfirm, withdraw } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { agreed, TESTER } from '../support/tester.ts'

// Over 250 lines: one file's people, told in order: each step needs those who are left of the step before.

const COUNT = 12
const PEOPLE = Array.from({ length: COUNT }, (_, at) => ({
  first: at % 2 ? 'Leyla' : 'Ольга',
  last: `Signer${at}`,
  email: `imported${at}@example.org`,
}))
const quiet = { write: () => {} }

describe('signatures from another site', () => {
  const harness = useHarness()
  const folder = temporaryFolder()
  const file = join(folder, 'change.csv')
  const run = (...line: string[]) =>
    runCommand(harness.site, (program, open) => addImportCommands(program, open, quiet), [
      'import',
      ...line,
    ])
  const bring = (...more: string[]) =>
    run('signatures', DEMO, file, '--from', 'change.org', ...more)
  const page = async (path = '') => (await get(harness, `/en/p/${DEMO}${path}`)).text()
  const query = async <T>(text: string) => (await harness.connection.pool.query(text)).rows as T[]
  const tend = async () => {
    await addJob(harness.connection.db, 'tend-imports', {})
    await harness.work()
  }
  const logged = async () =>
    (await listEntries(harness)).filter((entry) => entry.startsWith('imported/v1'))

  before(async () => {
    const rows = [
      ['First Name', 'Last Name', 'Email', 'Postal Code', 'Country', 'Signed On', 'City'],
      ...PEOPLE.map(({ first, last, email }) => [
        first,
        last,
        email,
        '10115',
        'Germany',
        '2024-02-03',
        '',
      ]),
      ['Doubled', 'Person', 'IMPORTED1@example.org', '', '', '', ''],
      ['No', 'Address', '', '', '', '', ''],
      ['', '', 'nameless@example.org', '', '', '', ''],
      ['Signed', 'Here', 'here@example.org', '', 'Atlantis', 'yesterday', ''],
    ]
    // As Change.org's: UTF-16 with a byte order mark, tabs, CRLF.
    const text = rows.map((cells) => `${cells.map((cell) => `"${cell}"`).join('\t')}\r\n`).join('')
    await writeFile(file, Buffer.from(`\ufeff${text}`, 'utf16le'))
    await signAndConfirm(harness, { email: 'here@example.org' })
    await harness.sequence()
  })

  it('are read first, and nothing happens: columns, duplicates and bad lines are named', async () => {
    const { code, output, errors } = await bring()
    assert.equal(code, 0, errors)
    assert.match(output, /“First Name” as first name.*“Signed On” as day of signing/)
    assert.match(output, /Not taken: “City”/)
    assert.match(output, /Rows: 16\. People who would be taken in: 13, or a few less/)
    assert.match(output, /Of a mailbox that the file has already: 1\..*fewer than 5/)
    assert.match(output, /Without a country that can be read: 1/)
    assert.match(output, /line 15 has no e-mail address\n.*line 16 has no name/)
    assert.match(output, /Nothing has happened yet: add --apply/)
    assert.ok(!output.includes('example.org'), 'no address on the terminal')
    assert.deepEqual(await query('select from imported'), [])
  })

  it('are taken in sealed, each once, beside the count and in the log', async () => {
    const { output, errors } = await bring('--apply')
    assert.match(output, /Batch 1 has 12 people, sealed/, errors)
    assert.match((await bring('--apply')).output, /taken in as batch 1: there is nothing to do/)
    await harness.sequence()
    assert.equal((await logged()).length, 1)
    assert.match((await logged())[0]!, new RegExp(`^imported/v1 ${DEMO} 12 [\\w+/]{43}=$`))
    assert.match(await page(), /12 more collected on other sites, by the organisers’ own count/)
    assert.match(await page('/verify'), /Collected on other sites, beside this number: 12\./)
    const answer = await get(harness, `/api/v1/petitions/${DEMO}`)
    const body = (await answer.json()) as { signatures: { counted: number }; imported: number }
    assert.deepEqual([body.signatures.counted, body.imported], [1, 12])
  })

  it('are told in what is handed over, apart from what the log certifies', async () => {
    const out = join(folder, 'pack.zip')
    const { code, errors } = await runCommand(harness.site, addDeliverCommands, [
      ...['deliver', 'pack', DEMO, '--out', out, '--without-list', '--yes'],
    ])
    assert.equal(code, 0, errors)
    const { files } = await readZip(out)
    const counts = JSON.parse(files.get('counts/counts.json')!.toString())
    assert.equal(counts.certified, 1)
    assert.deepEqual(counts.collectedOnOtherSites, { signatures: COUNT, verified: false })
    assert.match(
      files.get('README.txt')!.toString(),
      /has 1 confirmed signature\.\n.*\n\nCollected on other sites, beside the number above: 12\./,
    )
    const readable = (language: string) =>
      getDemo(harness).then((petition) =>
        harness.site.db.transaction().execute(async (trx) => {
          const { config, ...needs } = harness.site
          const given = { petition, made: harness.clock.now(), site: config.publicUrl }
          const delivery = await gatherDelivery(trx, needs, given)
          return letterBlocks(delivery, language).flatMap((block) =>
            'text' in block ? [block.text.replaceAll('\u00a0', ' ')] : [],
          )
        }),
      )
    for (const [language, words] of [
      ['en', /^Collected on other sites, beside the number above: 12\. That/],
      ['ru', /^На других сайтах, .*: 12\. Это подсчёт/],
    ] as const)
      assert.equal((await readable(language)).filter((text) => words.test(text)).length, 1)
  })

  it('lie readable nowhere, and open with the organisers’ key', async () => {
    const [row] = await query<{ all: string }>(
      `select (select string_agg(encode(sealed, 'escape'), '') from imported)
              || (select coalesce(string_agg(after::text, ''), '') from action) as all`,
    )
    assert.ok(!row!.all.includes('Signer3') && !row!.all.includes('imported3'))
    assert.ok(!harness.logged.join('').includes('imported3@'))
    const out = join(folder, 'imported.jsonl')
    assert.equal((await run('export', DEMO, '--out', out)).code, 0)
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n')
    const opened = await openExport(lines, await demoIdentity(harness))
    const records = opened.flatMap((each) => (each.outcome === 'opened' ? [each.record] : []))
    assert.equal(records.length, COUNT)
    const leyla = records.find(({ email }) => email === 'imported1@example.org')!
    const { name, country, source, signedAt, confirmedAt, updates, consentVersion } = leyla
    assert.deepEqual(
      { name, country, source, signedAt, confirmedAt, updates, consentVersion },
      {
        name: 'Leyla Signer1',
        country: 'DE',
        source: 'imported:change.org',
        signedAt: '2024-02-03',
        confirmedAt: '',
        updates: false,
        consentVersion: 0,
      },
    )
  })

  it('are invited only where the organisers state that they may, and each once', async () => {
    const refused = await run('invite', DEMO, '1', file)
    assert.equal(refused.code, 1)
    assert.match(refused.errors, /nobody was invited.*--we-may-write/)
    await signAndConfirm(harness, { email: 'imported0@example.org' })
    const { output, errors } = await run('invite', DEMO, '1', file, '--we-may-write')
    assert.match(
      output,
      /Added: 11 invitations\. All that wait .* go out at most 600 a minute/,
      errors,
    )
    const [waiting] = await query<{ address: Buffer }>('select address from invitation')
    // Not just `@`, a byte that any ciphertext may have by chance.
    assert.ok(!waiting!.address.includes('example.org'))
    await harness.makeJobsDue()
    await harness.work()
    const mail = harness.mail.lastTo('imported2@example.org')
    assert.match(mail.text!, /On another site you signed/)
    assert.match(mail.text!, new RegExp(`/en/p/${DEMO}\\n`))
    assert.deepEqual(await query('select from invitation'), [])
    assert.match(
      (await run('invite', DEMO, '1', file, '--we-may-write')).output,
      /\nAdded: 0 invitations\./,
    )
    const notes: string[] = []
    for await (const some of harness.site.actions.list({ slug: DEMO })) {
      notes.push(...some.map(({ what, after }) => `${what} ${JSON.stringify(after)}`))
    }
    assert.ok(notes.some((note) => /^import invite .*These people agreed to hear/.test(note)))
  })

  it('are taken out by their holder’s link, which a look at it doesn’t do, and stay out', async () => {
    const link = /\/en\/imported\/\S+/.exec(harness.mail.lastTo('imported2@example.org').text!)![0]
    assert.match(await (await get(harness, link)).text(), /Remove your data\?/)
    assert.equal((await query('select from imported')).length, COUNT)
    const body = new FormData()
    body.set('List-Unsubscribe', 'One-Click')
    const answer = await fetch(`${harness.origin}${link}`, { method: 'POST', body })
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /Nothing from another site is left here/)
    assert.equal((await query('select from imported')).length, COUNT - 1)
    assert.match(await (await get(harness, link)).text(), /Nothing from another site is left here/)
    const again = join(folder, 'again.csv')
    await writeFile(again, 'name;email\r\nLeyla;imported2@example.org\r\n')
    const back = await run('signatures', DEMO, again, '--from', 'csv', '--apply')
    assert.match(back.output, /Batch 2 has 0 people/)
  })

  it('count as signatures once they sign here, and neither figures nor log tell that it was they', async () => {
    const before = (await logged()).length
    for (const at of [3, 4]) await signAndConfirm(harness, { email: `imported${at}@example.org` })
    await tend()
    await harness.sequence()
    assert.match(await page(), /12 more collected on other sites|11 more collected on other sites/)
    const told = await harness.site.imports.total(await getDemo(harness))
    assert.equal((await query('select from imported')).length, COUNT - 4)
    assert.equal((await logged()).length, before, 'too few have left to be told')
    for (const at of [5, 6, 7])
      await signAndConfirm(harness, { email: `imported${at}@example.org` })
    await tend()
    await harness.sequence()
    const after = await harness.site.imports.total(await getDemo(harness))
    assert.ok(after < told && told - after >= 5, `${told} to ${after}`)
    assert.equal((await logged()).length, before + 1)
  })

  it('are erased with a signature of the same mailbox', async () => {
    await signAndConfirm(harness, { email: 'imported8@example.org' })
    await withdraw(harness, 'imported8@example.org')
    const left = (await query('select from imported')).length
    assert.equal(left, 4)
    await tend()
    assert.equal((await query('select from imported')).length, left)
  })

  it('go with their batch, from the database, the page and, by a new entry, the log', async () => {
    const asked = await run('remove', DEMO, '1')
    assert.match(asked.output, /4 people of batch 1/)
    assert.deepEqual([asked.code, asked.errors], [1, 'nothing was erased: add --yes to do it'])
    assert.match((await run('remove', DEMO, '1', '--yes')).output, /Erased: 4 people\./)
    assert.match((await run('remove', DEMO, '1', '--yes')).errors, /no batch 1/)
    await harness.sequence()
    assert.match((await logged()).at(-1)!, new RegExp(`^imported/v1 ${DEMO} 0 `))
    assert.doesNotMatch(await page(), /collected on other sites/)
  })

  it('are erased by the link of an invitation also where their batch was brought in again', async () => {
    const link = /\/en\/imported\/\S+/.exec(harness.mail.lastTo('imported9@example.org').text!)![0]
    // Nothing is held, but a new file could bring them back: they can say no to that.
    assert.match(await (await get(harness, link)).text(), /Remove your data\?/)
    await bring('--apply')
    const [batch] = await harness.site.imports.list(await getDemo(harness))
    assert.match(await (await get(harness, link)).text(), /Remove your data\?/)
    await fetch(`${harness.origin}${link}`, { method: 'POST' })
    const [left] = await harness.site.imports.list(await getDemo(harness))
    assert.equal(left!.held, batch!.held - 1)
    assert.match(await (await get(harness, link)).text(), /Nothing from another site is left here/)
    assert.equal((await run('remove', DEMO, String(batch!.id), '--yes')).code, 0)
  })

  it('are taken in from where it was, when that was stopped in the middle', async () => {
    const petition = await getDemo(harness)
    const long = join(folder, 'long.csv')
    const people = Array.from(
      { length: 250 },
      (_, at) => `Ann ${'x'.repeat(at % 9)}Lee,l${at}@example.org`,
    )
    await writeFile(long, `name,email\n${people.join('\n')}\n`)
    const controller = new AbortController()
    const { signal } = controller
    const about = { path: long, origin: 'csv', signal } as const
    const survey = await harness.site.imports.survey(petition, { ...about, onBytes: () => {} })
    const stopped = harness.site.imports.takeIn(
      petition,
      { ...about, survey, onRows: () => controller.abort() },
      TESTER,
    )
    await assert.rejects(stopped, /the same command goes on from there/)
    const [batch] = await harness.site.imports.list(petition)
    assert.deepEqual([batch!.signatures, batch!.endedAt], [100, null])
    assert.match(
      (await run('list', DEMO)).output,
      /unfinished, and shown nowhere: the same command goes on/,
    )
    const again = await run('signatures', DEMO, long, '--from', 'csv', '--apply')
    assert.match(again.output, new RegExp(`Batch ${batch!.id} has 250 people`), again.errors)
    assert.equal((await run('remove', DEMO, String(batch!.id), '--yes')).code, 0)
  })

  it('are not taken in from a file that is changed meanwhile, nor into a batch that is removed', async () => {
    const { imports } = harness.site
    const petition = await getDemo(harness)
    const path = join(folder, 'changing.csv')
    const about = { path, origin: 'csv', signal: new AbortController().signal } as const
    await writeFile(path, 'name,email\nAnn Lee,ann1@example.org\n')
    const survey = await imports.survey(petition, { ...about, onBytes: () => {} })
    await writeFile(path, 'name,email\nAnn Lee,ann2@example.org\n')
    const take = async (given = survey) =>
      imports.takeIn(petition, { ...about, survey: given, onRows: () => {} }, TESTER)
    await assert.rejects(take(), /the file was changed while it was read/)
    const [batch] = await imports.list(petition)
    assert.equal(batch!.endedAt, null)
    await imports.remove(petition, batch!.id, TESTER, agreed)
    await assert.rejects(take({ ...survey, batch: batch! }), /was removed meanwhile/)
  })

  it('are invited to nothing that is closed', async () => {
    await run('signatures', DEMO, file, '--from', 'change.org', '--apply')
    await runCommand(
      harness.site,
      (program, open) => addPetitionCommands(program, open, async () => {}),
      ['petition', 'close', DEMO, '--yes'],
    )
    const [batch] = await harness.site.imports.list(await getDemo(harness))
    const refused = await run('invite', DEMO, String(batch!.id), file, '--we-may-write')
    assert.match(refused.errors, /takes no signatures now/)
  })
})
