import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { after, test } from 'node:test'
import { Command } from 'commander'
import { addExportCommands } from '../../src/commands/export.ts'
import { ExportError } from '../../src/platform/files/write-out.ts'
import { createPartnerLink } from '../../src/sharing/partner-links.ts'
import { getDemo } from '../support/demo.ts'
import { startHarness } from '../support/harness.ts'
import { readXlsx } from '../support/read-xlsx.ts'
import { confirm, type FormFields, signAndOpenMail } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { TESTER } from '../support/tester.ts'

const harness = await startHarness()
after(() => harness.close())
const folder = temporaryFolder()

const { db, clock } = harness.site
const petition = await getDemo(harness)
const { code } = await createPartnerLink(db, { clock, by: TESTER }, petition, '=Haqq, "Ədalət"')
// Confirmed but not yet counted: no worker runs here.
const sources: FormFields[] = [{}, { source: '-2' }, { ref: code }, { ref: code }]
for (const [index, source] of sources.entries()) {
  const email = `signer${index}@example.org`
  await confirm(harness, await signAndOpenMail(harness, { email, ...source }))
}

/** Runs the command as a person would; @returns what it printed. */
async function run(line: string[], { isTTY = false } = {}): Promise<Buffer> {
  const printed: Buffer[] = []
  const stdout = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        printed.push(Buffer.from(chunk))
        done()
      },
    }),
    { isTTY },
  )
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  addExportCommands(program, (work) => work(harness.site, TESTER), stdout)
  await program.parseAsync(['export', 'counts', ...line], { from: 'user' })
  return Buffer.concat(printed)
}

test('the export counts what still waits', async () => {
  assert.equal(String(await run(['cop29-baku'])), 'total,signatures\r\ntotal,4\r\n')
})

test('nothing is folded for organisers, and hours add up', async () => {
  assert.equal(
    String(await run(['cop29-baku', '--by', 'country'])),
    'country,signatures\r\nDE,4\r\n',
  )
  assert.match(String(await run(['cop29-baku', '--by', 'hour'])), /\r\n2024-03-01T09Z,4\r\n$/)
})

test('partners go by name, and no name or source is a formula', async () => {
  const csv = String(await run(['cop29-baku', '--by', 'source']))
  assert.deepEqual(csv.trimEnd().split('\r\n').sort(), [
    `"'=Haqq, ""Ədalət""",2`,
    "'-2,1",
    'direct,1',
    'source,signatures',
  ])
})

test('a spreadsheet is written whole, over what was there', async () => {
  const out = join(folder, 'counts.xlsx')
  await writeFile(out, 'older')
  const line = ['cop29-baku', '--by', 'day', '--format', 'xlsx', '--out', out]
  assert.equal(String(await run(line, { isTTY: true })), '')
  assert.deepEqual(readXlsx(await readFile(out))[1], [
    // Days from 1899-12-30 to 2024-03-01.
    { type: null, value: '45352', format: 'yyyy\\-mm\\-dd' },
    { type: null, value: '4', format: null },
  ])
  assert.deepEqual(await readdir(folder), ['counts.xlsx'])
})

test('a spreadsheet goes into a pipe, but not onto a terminal', async () => {
  const line = ['cop29-baku', '--format', 'xlsx']
  assert.equal(readXlsx(await run(line)).length, 2)
  await assert.rejects(run(line, { isTTY: true }), (error: Error) => {
    assert.ok(error instanceof ExportError)
    return /--out FILE/.test(error.message)
  })
})

test('what can not be is said in one line', async () => {
  await assert.rejects(run(['nothing']), {
    message: 'there is no petition "nothing": "undersigned petition list" shows those there are',
  })
  const missing = join(folder, 'nowhere', 'counts.csv')
  await assert.rejects(run(['cop29-baku', '--out', missing]), (error: Error) => {
    assert.ok(error instanceof ExportError)
    return error.message.includes('its folder is not there') && !error.message.includes('\n')
  })
  await assert.rejects(run(['cop29-baku', '--out', folder]), /it is a folder/)
  await assert.rejects(run(['cop29-baku', '--by', 'weather']), {
    code: 'commander.invalidArgument',
  })
})
