import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, it } from 'node:test'
import { Command, CommanderError } from 'commander'
import { addExportCommands } from '../../src/commands/export.ts'
import type { Open } from '../../src/commands/open-site.ts'
import { addSubscriberCommands } from '../../src/commands/subscriber.ts'
import { addUnsealCommands } from '../../src/offline/unseal/unseal.commands.ts'
import { demoKeyFile } from '../../src/sealing/demo-key.ts'
import type { Site } from '../../src/site.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { linkIn } from '../support/mail-server.ts'
import { readXlsx } from '../support/read-xlsx.ts'
import { newKeys } from '../support/sealed-export.ts'
import { get, mailedPath, pathOf, post, signAndConfirm, withdraw } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TESTER } from '../support/tester.ts'

interface Row {
  email: string
  language: string
  petition: string
  unsubscribe_url: string
  consent_version: number
  as_of: string
}

describe('the list of those whom the organisers may write to', () => {
  const harness = useFreshHarness()
  let folder: string
  let key: string
  beforeEach(async () => {
    folder = temporaryFolder()
    key = demoKeyFile(harness.site.config.dataDir)
  })

  /** Runs a command as a person would; @returns what it threw, if anything */
  async function run(line: string[], site: Partial<Site> = {}): Promise<Error | null> {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
    const open: Open = (work) => work({ ...harness.site, ...site }, TESTER)
    addSubscriberCommands(program, open)
    addExportCommands(program, open)
    addUnsealCommands(program, { write: () => true })
    return program.parseAsync(line, { from: 'user' }).then(
      () => null,
      (error) => error,
    )
  }

  /** Exports and opens the list; @returns what is sealed, and what is in it. */
  async function list(format: string): Promise<{ sealed: Buffer; file: Buffer }> {
    const sealed = join(folder, `list.${format}.age`)
    const out = join(folder, `list.${format}`)
    assert.equal(await run(['subscriber', 'export', DEMO, '--out', sealed]), null)
    const options = ['--identity', key, '--out', out, '--force']
    assert.equal(await run(['unseal', sealed, ...options]), null)
    return { sealed: await readFile(sealed), file: await readFile(out) }
  }
  const rows = async (): Promise<Row[]> => JSON.parse((await list('json')).file.toString())
  const emails = async () => (await rows()).map(({ email }) => email).sort()

  async function subscribe(email: string, language = 'en') {
    await signAndConfirm(harness, { email, updates: 'yes' }, language)
    await harness.seal()
    await harness.work()
  }

  it('has who is on it on the day of the export, and nobody who left, withdrew or never asked', async () => {
    await subscribe('Stays@example.org')
    await subscribe('leaves@example.org', 'ru')
    await subscribe('withdraws@example.org')
    await signAndConfirm(harness, { email: 'never@example.org' })
    assert.equal((await emails()).length, 3)
    await post(harness, mailedPath(harness, 'leaves@example.org', 'unsubscribe'), {})
    await withdraw(harness, 'withdraws@example.org')
    assert.deepEqual(await emails(), ['Stays@example.org'])
  })

  it('names the day, the language and the petition, and for each the link to leave', async () => {
    await subscribe('one@example.org', 'az')
    const [row] = await rows()
    const { unsubscribe_url: link, ...rest } = row!
    assert.deepEqual(rest, {
      email: 'one@example.org',
      language: 'az',
      petition: DEMO,
      consent_version: 1,
      as_of: harness.clock.now().toISOString().slice(0, 10),
    })
    assert.match(link, /^http:\/\/petitions\.test\/az\/unsubscribe\//)
    assert.equal((await post(harness, pathOf(link), {})).status, 200)
    assert.deepEqual(await emails(), [])
  })

  it('is the same as CSV and as XLSX, there with the day as a day', async () => {
    await subscribe('=one@example.org')
    await subscribe('two@example.org')
    const csv = (await list('csv')).file.toString()
    assert.match(csv, /^email,language,petition,unsubscribe_url,consent_version,as_of\r\n/)
    assert.match(csv, /^'=one@example\.org,en,/m)
    assert.equal(csv.split('\r\n').length, 4)
    const sheet = readXlsx((await list('xlsx')).file)
    assert.deepEqual(sheet[0]!.map(({ value }) => value).join(), csv.split('\r\n')[0])
    for (const row of sheet.slice(1)) {
      const [version, day] = row.slice(-2)
      assert.deepEqual(version, { type: null, value: '1', format: null })
      assert.equal(day!.format, 'yyyy\\-mm\\-dd')
      const ms = (Number(day!.value) - 25_569) * 86_400_000
      assert.equal(
        new Date(ms).toISOString().slice(0, 10),
        harness.clock.now().toISOString().slice(0, 10),
      )
    }
  })

  it('lies nowhere in the clear until the organisers open it', async () => {
    await subscribe('secret@example.org')
    const { sealed } = await list('csv')
    assert.match(sealed.toString('latin1'), /^age-encryption\.org\/v1\n-> X25519 /)
    assert.ok(!sealed.includes('secret@example.org'))
    if (process.platform !== 'win32') {
      assert.equal((await stat(join(folder, 'list.csv.age'))).mode & 0o777, 0o600)
      assert.equal((await stat(join(folder, 'list.csv'))).mode & 0o777, 0o600)
    }
    const stranger = join(folder, 'stranger.txt')
    await writeFile(stranger, newKeys().identity)
    const file = join(folder, 'list.csv.age')
    const open = (identity: string, out: string, ...more: string[]) =>
      run(['unseal', file, '--identity', identity, '--out', join(folder, out), ...more])
    assert.match((await open(stranger, 'a.csv'))!.message, /does not open with this key/)
    assert.match(
      (await open(key, 'a.xlsx'))!.message,
      /holds CSV, so nothing was written: end --out in \.csv/,
    )
    const damaged = Buffer.from(sealed)
    damaged[damaged.length - 5]! ^= 1
    await writeFile(file, damaged)
    assert.match((await open(key, 'a.csv'))!.message, /is damaged, so nothing was written/)
    const usage = await open(key, 'a.csv', '--only', '1,2')
    assert.ok(usage instanceof CommanderError)
    await assert.rejects(stat(join(folder, 'a.csv')))
  })

  it('is refused where it could not be sealed, or would have those who left since', async () => {
    await subscribe('one@example.org')
    const refusal = (site: Partial<Site>, slug = DEMO) =>
      run(['subscriber', 'export', slug, '--out', join(folder, 'x.age')], site)
    const closed = 'the database was restored: run "log rebuild"'
    const restoring = { ...harness.site.restoring, whyClosed: async () => closed }
    assert.match((await refusal({ restoring }))!.message, /was restored/)
    assert.match((await refusal({}, 'nothing'))!.message, /there is no petition "nothing"/)
    const settings = { ...(await getDemo(harness)).settings, recipients: [] }
    await harness.site.db
      .updateTable('petition')
      .set({ settings: JSON.stringify(settings) })
      .execute()
    assert.match((await refusal({}))!.message, /no recipients, so there is nobody to seal/)
    await assert.rejects(stat(join(folder, 'x.age')))
  })

  it('is the only one that says so: the list of signers tells of no wish, also of one withdrawn', async () => {
    await subscribe('leaves@example.org')
    await signAndConfirm(harness, { email: 'never@example.org' })
    await harness.seal()
    await post(harness, mailedPath(harness, 'leaves@example.org', 'unsubscribe'), {})
    const sealed = join(folder, 'signatures.jsonl')
    assert.equal(await run(['export', 'signatures', DEMO, '--out', sealed]), null)
    for (const format of ['json', 'csv', 'xlsx']) {
      const out = join(folder, `signers.${format}`)
      assert.equal(await run(['unseal', sealed, '--identity', key, '--out', out]), null)
    }
    const json = JSON.parse(await readFile(join(folder, 'signers.json'), 'utf8'))
    const pointer = 'see: undersigned subscriber export'
    assert.deepEqual(
      json.map((row: Record<string, unknown>) => [row.updates, row.updates_list]),
      [
        [undefined, pointer],
        [undefined, pointer],
      ],
    )
    const csv = (await readFile(join(folder, 'signers.csv'), 'utf8')).trimEnd().split('\r\n')
    assert.deepEqual(
      csv.map((line) => line.split(',').at(-1)),
      ['updates_list', pointer, pointer],
    )
    const sheet = readXlsx(await readFile(join(folder, 'signers.xlsx')))
    assert.deepEqual(
      sheet.map((row) => row.at(-1)!.value),
      ['updates_list', pointer, pointer],
    )
  })

  it('is what the form, the mail and the pages speak of, and they promise nothing else', async () => {
    const words: Record<string, [form: RegExp, mail: RegExp, left: RegExp]> = {
      en: [
        /The organisers may e-mail me/,
        /at most 3 e-mails a week, each with a link to leave the list/,
        /You have left the list/,
      ],
      az: [/Təşkilatçılar mənə/, /həftədə ən çoxu 3 məktub/, /Siyahıdan çıxdınız/],
      ru: [/Организаторы могут писать мне/, /не больше 3 писем в неделю/, /Вы вышли из списка/],
      be: [
        /Арганізатары могуць пісаць мне/,
        /не больш за 3 лісты на тыдзень/,
        /Вы выйшлі са спіса/,
      ],
    }
    // Short words are held to the next by spaces that don't break.
    const plain = (text: string) => text.replace(/\s+|&nbsp;/g, ' ')
    for (const [language, [form, mail, left]] of Object.entries(words)) {
      const email = `${language}@example.org`
      assert.match(plain(await (await get(harness, `/${language}/p/${DEMO}`)).text()), form)
      await subscribe(email, language)
      const sent = harness.mail.lastTo(email)
      assert.match(plain(sent.text!), mail)
      const answer = await post(harness, pathOf(linkIn(sent, 'unsubscribe')), {})
      assert.match(plain(await answer.text()), left)
    }
  })
})
