import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { addDeliverCommands } from '../../src/commands/deliver.ts'
import { addPaperCommands } from '../../src/commands/paper.ts'
import { openFile } from '../../src/sealing/age/open-file.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { demoIdentity } from '../support/open-export.ts'
import { listEntries } from '../support/public-log.ts'
import { readZip } from '../support/read-zip.ts'
import { runCommand } from '../support/run-command.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { agreed, TESTER } from '../support/tester.ts'

describe('signatures on paper', () => {
  const harness = useHarness()
  const folder = temporaryFolder()
  const scan = join(folder, 'berlin.pdf')
  const SHEETS = Buffer.from(`%PDF-1.7 Handwritten: Leyla Yunus ${'x'.repeat(3_000_000)}`)
  const paper = (...line: string[]) =>
    runCommand(harness.site, addPaperCommands, ['paper', ...line])
  const add = (changes: Record<string, string> = {}, ...more: string[]) => {
    const options = { count: '214', place: 'Berlin', date: '2024-03-01', scan, ...changes }
    const line = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    return paper('add', DEMO, ...line, ...more)
  }
  const page = async (path = '') => (await get(harness, `/en/p/${DEMO}${path}`)).text()

  before(async () => {
    await writeFile(scan, SHEETS)
    await signAndConfirm(harness, { email: 'online@example.org' })
    await harness.sequence()
  })

  it('can be collected on a sheet with the text in each language', async () => {
    const out = join(folder, 'sheet.pdf')
    const { code, output } = await paper('sheet', DEMO, '--out', out)
    assert.equal(code, 0)
    assert.match(output, /a sheet in en, az, ru, be/)
    const foreign = await paper('sheet', DEMO, '--out', out, '--language', 'fr')
    assert.match(foreign.errors, /--language takes en, az, ru, be/)
  })

  it('are added only when that is said twice, with a place, a day that was and a scan', async () => {
    const asked = await add()
    assert.match(asked.output, /has 0 signatures on paper; with these 214 from Berlin it has 214/)
    assert.equal(asked.code, 1, 'a script must not take it for done')
    assert.match(asked.errors, /^nothing was added: add --yes/)
    for (const [changes, complaint] of [
      [{ date: '2024-02-30' }, /--date takes a day/],
      [{ date: '2031-01-01' }, /a day to come/],
      [{ date: '2024-02-29' }, /before cop29-baku opened, on 2024-03-01: check the year/],
      [{ place: '12' }, /--place takes a name/],
      [{ scan: join(folder, 'none.pdf') }, /it is not there; nothing was added/],
      [{ scan: folder }, /it is a folder; nothing was added/],
    ] as const) {
      const refused = await add(changes, '--yes')
      assert.equal(refused.code, 1)
      assert.match(refused.errors, complaint)
    }
    const empty = join(folder, 'empty.pdf')
    await writeFile(empty, '')
    assert.match((await add({ scan: empty }, '--yes')).errors, /an empty file/)
    assert.match((await paper('list', DEMO)).output, /^0 signatures on paper/)
  })

  it('show beside the count, never in it, and in the log with the hash of the sealed scan', async () => {
    assert.equal((await add({}, '--yes')).code, 0)
    assert.equal((await add({ count: '30', place: 'Bakı' }, '--yes')).code, 0)
    assert.match((await paper('list', DEMO)).output, /Bakı.*\n244 signatures on paper/)
    await harness.sequence()
    assert.match(await page(), /244 more on paper, by the organisers’ own count/)
    assert.match(await page('/verify'), /On paper, beside this number: 244\./)
    const answer = await get(harness, `/api/v1/petitions/${DEMO}`)
    const { signatures, log } = (await answer.json()) as Record<string, Record<string, number>>
    assert.equal(signatures!.counted, 1)
    assert.equal(log!.certified, 1)
    const entries = (await listEntries(harness)).filter((entry) => entry.startsWith('paper/v1'))
    assert.match(entries[0]!, /^paper\/v1 cop29-baku 214 [\w+/]{43}=$/)
    assert.equal(entries.length, 2)
  })

  it('have scans that lie sealed in the database, and that the organisers open with age', async () => {
    const { rows } = await harness.connection.pool.query(
      'select string_agg(sealed, null order by part) as whole from paper_scan where paper_id = (select min(paper_id) from paper_scan)',
    )
    assert.ok(!rows[0].whole.includes('Handwritten'))
    const [, id, hash] = /^(\d+)\t214\t.*\t([0-9a-f]{64})$/m.exec(
      (await paper('list', DEMO)).output,
    )!
    const out = join(folder, 'scan.age')
    assert.equal((await paper('export', DEMO, id!, '--out', out)).code, 0)
    assert.equal(createHash('sha256').update(rows[0].whole).digest('hex'), hash)
    const sealed = createReadStream(out)
    const opened = await openFile([await demoIdentity(harness)], sealed)
    const parts: Uint8Array[] = []
    for await (const part of opened!) parts.push(part)
    assert.deepEqual(Buffer.concat(parts), SHEETS)
    assert.match((await paper('export', DEMO, '99', '--out', out)).errors, /no scan 99/)
  })

  it('are named apart in what is delivered, with their scans for the organisers', async () => {
    const out = join(folder, 'pack.zip')
    const { code } = await runCommand(harness.site, addDeliverCommands, [
      ...['deliver', 'pack', DEMO, '--out', out, '--yes'],
    ])
    assert.equal(code, 0)
    const { files } = await readZip(out)
    const counts = JSON.parse(files.get('counts/counts.json')!.toString())
    assert.equal(counts.certified, 1)
    assert.equal(counts.paper.signatures, 244)
    assert.equal(counts.paper.verified, false)
    const kept = (await readZip(join(folder, 'pack-for-organisers-only.zip'))).files
    const scans = [...kept.keys()].filter((path) => path.endsWith('.age'))
    assert.equal(scans.length, 2)
    const entries = await listEntries(harness)
    const hash = createHash('sha256').update(kept.get(scans[0]!)!).digest('base64')
    assert.ok(entries.includes(`paper/v1 ${DEMO} 214 ${hash}`))
  })

  it('leave a trace of who added them and who took a scan', async () => {
    const noted: string[] = []
    for await (const page of harness.site.actions.list({ slug: DEMO })) {
      noted.push(...page.map(({ what, person }) => `${what} by ${person}`))
    }
    const of = (what: string) =>
      noted.filter((each) => each === `${what} by ${TESTER.person}`).length
    assert.deepEqual([of('paper add'), of('paper export'), of('deliver pack')], [2, 1, 1])
  })

  it('are refused a second time, and added all the same by who means it', async () => {
    const small = join(folder, 'small.pdf')
    await writeFile(small, SHEETS.subarray(0, 5000))
    const few = { count: '12', place: 'Gəncə', scan: small }
    assert.equal((await add(few, '--yes')).code, 0)
    for (const [changes, why] of [
      [{}, /sheets \d+ have the same count, place and day/],
      [{ place: 'gəncə', scan }, /sheets \d+ have the same count, place and day/],
      [{ place: 'Bərdə' }, /the scan has as many bytes as that of sheets \d+, and their count/],
    ] as const) {
      const { code, errors } = await add({ ...few, ...changes }, '--yes')
      assert.equal(code, 1)
      assert.match(errors, why)
      assert.match(errors, /add --anyway$/)
    }
    assert.match((await add(few)).errors, /the same count, place and day/, 'before it is done, too')
    assert.match((await paper('list', DEMO)).output, /^256 signatures on paper/m)
    assert.equal((await add({ ...few, count: '13' }, '--yes')).code, 0, 'another count')
    assert.equal((await add(few, '--yes', '--anyway')).code, 0)
    assert.equal((await add({ ...few, date: '2024-02-01' }, '--yes', '--anyway')).code, 0)
  })

  it('keep a petition from being deleted', async () => {
    assert.equal(await harness.site.publishing.delete(DEMO, TESTER, agreed), 'signed')
  })
})
