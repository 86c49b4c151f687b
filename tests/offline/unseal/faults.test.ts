import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { generateKey } from '../../../src/offline/unseal/generate-key.ts'
import { openExport } from '../../../src/offline/unseal/open-export.ts'
import { readIdentities } from '../../../src/offline/unseal/read-identities.ts'
import { type FileOptions, unsealFile } from '../../../src/offline/unseal/unseal-file.ts'
import { noProgress } from '../../../src/platform/terminal/show-progress.ts'
import { runProgram } from '../../support/program.ts'
import { exportText, findAge, sealedLine } from '../../support/sealed-export.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

// Over 250 lines: a list of faults of one kind of file, which share how it is made and opened.

const organiser = generateKey(new Date())
const second = generateKey(new Date())
const stranger = generateKey(new Date())

const folder = temporaryFolder()
let identities: string[]
let files = 0
before(async () => {
  await writeFile(join(folder, 'key.txt'), organiser.text)
  await writeFile(join(folder, 'both.txt'), `# two\n\n${second.text}\r\n${organiser.text}`)
  identities = await readIdentities([join(folder, 'key.txt')])
})

const seal = (id: number, recipient = organiser.recipient) =>
  sealedLine({ id: String(id), normalisedEmail: `${id}@example.org`, name: `Signer ${id}` }, [
    recipient,
  ])
const sealSome = (count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => seal(index + 1)))

async function save(text: string | Buffer): Promise<string> {
  const file = join(folder, `${++files}.jsonl`)
  await writeFile(file, text)
  return file
}

/** Unseals to JSON; @returns the ids in the list, and the report. */
async function unseal(
  text: string | Buffer,
  options: Partial<FileOptions> & { includeMismatched?: boolean; keys?: string[] } = {},
) {
  const file = await save(text)
  const out = `${file}.json`
  try {
    const report = await unsealFile(file, options.keys ?? identities, {
      out,
      format: 'json',
      force: false,
      salvage: false,
      includeMismatched: false,
      signal: new AbortController().signal,
      beginProgress: () => noProgress,
      ...options,
    })
    const list = JSON.parse(await readFile(out, 'utf8')) as { id: string }[]
    return { ids: list.map(({ id }) => id), report }
  } catch (error) {
    const left = (await readdir(folder)).filter((name) => /\.part$|\.json$/.test(name))
    assert.deepEqual(left, [], 'nothing is written')
    throw error
  } finally {
    await rm(out, { force: true })
  }
}

describe('an export that was damaged on its way', () => {
  it('has no byte that can be flipped unseen, and its other records open', async () => {
    const [first, ...others] = await Promise.all([seal(1), seal(2), seal(3), seal(4)])
    const lines: Buffer[] = []
    const good: string[] = []
    for (let at = 0; at < first!.length; at++) {
      for (const bit of [1, 0x20, 0x80]) {
        const line = Buffer.from(first!)
        line[at]! ^= bit
        if (line.includes('\n')) continue
        lines.push(line)
      }
      if (at % 500 === 0 && others.length > 0) {
        const whole = others.pop()!
        good.push(JSON.parse(whole).id)
        lines.push(Buffer.from(whole))
      }
    }
    const header = exportText([], { records: lines.length })
    const end = Buffer.from('\n')
    const text = Buffer.concat([Buffer.from(header), ...lines.flatMap((line) => [line, end])])
    const { ids, report } = await unseal(text)
    assert.deepEqual(ids, good)
    assert.equal(report.counts().problems, lines.length - good.length)
  })

  it('is refused when two lines have become one: a record is missing', async () => {
    const text = exportText(await sealSome(4))
    const second = text.indexOf('\n', text.indexOf('"id":"2"'))
    const merged = `${text.slice(0, second)} ${text.slice(second + 1)}`
    await assert.rejects(unseal(merged), /is not whole: it says that it has 4 records and has 3/)
    const { ids, report } = await unseal(merged, { salvage: true })
    assert.deepEqual(ids, ['1', '4'])
    assert.match(report.tell().join('\n'), /^1 no record at all, left out \(line numbers\): 3$/m)
  })

  it('says at which lines something is no record, and that there is more than announced', async () => {
    const [one, two] = await sealSome(2)
    const text = exportText([one!, 'hello', '', `${two!.slice(0, 90)}\n${two!.slice(90)}`], {
      records: 2,
    })
    const { ids, report } = await unseal(text)
    assert.deepEqual(ids, ['1'])
    assert.deepEqual(report.tell(), [
      '3 no record at all, left out (line numbers): 3, 5, 6',
      "2 more than the file's first line says",
    ])
  })

  it('with another petition in its first line has every record in another’s stead', async () => {
    const text = exportText(await sealSome(2)).replace('free-them', 'free-then')
    await assert.rejects(unseal(text), /could be taken, so nothing was written: 2 in another/)
  })

  it('opens with line ends of Windows, and ends that a mail program added', async () => {
    const text = `${exportText(await sealSome(2)).replaceAll('\n', '\r\n')}\r\n`
    assert.deepEqual((await unseal(text)).ids, ['1', '2'])
  })
})

describe('an export that was cut short', () => {
  it('is refused wherever the cut is, and nothing is written', async () => {
    const text = exportText(await sealSome(3))
    const lineEnd = text.indexOf('\n', text.indexOf('"id":"2"'))
    for (const end of [text.length - 1, text.length - 2, text.length - 700, lineEnd, lineEnd + 9]) {
      await assert.rejects(unseal(text.slice(0, end)), /is not whole: its last line breaks off/)
    }
    const atLineEnd = text.slice(0, lineEnd + 1)
    await assert.rejects(unseal(atLineEnd), /it says that it has 3 records and has 2; .*--salvage/)
  })

  it('gives what is there when asked, and says what is missing', async () => {
    const text = exportText(await sealSome(3))
    const { ids, report } = await unseal(text.slice(0, -300), { salvage: true })
    assert.deepEqual(ids, ['1', '2'])
    assert.match(report.tell().join(), /no record at all, left out \(line numbers\): 4/)
    const lacksNewline = await unseal(text.slice(0, -1), { salvage: true })
    assert.deepEqual(lacksNewline.report.tell(), [])
    const lineEnd = text.indexOf('\n', text.indexOf('"id":"2"'))
    const shorter = await unseal(text.slice(0, lineEnd + 1), { salvage: true })
    assert.deepEqual(shorter.report.tell(), ["1 fewer than the file's first line says"])
  })
})

describe('what is no export', () => {
  it('is named as such', async () => {
    for (const text of ['', '\n', 'hello', '{"format":"other"}\n', Buffer.alloc(3_000_000)]) {
      await assert.rejects(unseal(text), /is no export of sealed records/)
    }
    const endless = `${exportText([])}${'x'.repeat(2_000_000)}`
    await assert.rejects(unseal(endless, { salvage: true }), /line 2 is longer than 1 MB/)
    const newer = exportText([]).replace('sealed/1', 'sealed/2')
    await assert.rejects(unseal(newer), /is from a newer version/)
    await assert.rejects(openExport(folder, { identities, recipients: [] }, options), /a folder/)
    const nowhere = join(folder, 'nowhere')
    await assert.rejects(openExport(nowhere, { identities, recipients: [] }, options), /not there/)
  })
  const options = { salvage: false, only: null, signal: new AbortController().signal }

  it('but an export nobody has signed yet is a whole one', async () => {
    assert.deepEqual((await unseal(exportText([]))).ids, [])
  })
})

describe('keys', () => {
  it('may be several, in one file or more', async () => {
    const text = exportText([await seal(1), await seal(2, second.recipient)])
    const keys = await readIdentities([join(folder, 'both.txt'), join(folder, 'key.txt')])
    assert.equal(keys.length, 2)
    assert.deepEqual((await unseal(text, { keys })).ids, ['1', '2'])
  })

  it('that fit some records only leave the others out, by id', async () => {
    const text = exportText([await seal(1), await seal(2, stranger.recipient)])
    const { ids, report } = await unseal(text)
    assert.deepEqual(ids, ['1'])
    assert.deepEqual(report.tell(), ['1 sealed to other keys than these, left out: 2'])
  })

  it('that fit none are named by their public half, early and at the end', async () => {
    const line = await seal(1, stranger.recipient)
    const said: string[] = []
    const progress = { ...noProgress, say: (text: string) => said.push(text) }
    const text = exportText(Array.from({ length: 1200 }, () => line))
    await assert.rejects(unseal(text, { beginProgress: () => progress }), (error: Error) => {
      assert.ok(error.message.includes(`${organiser.recipient} is not among the recipients`))
      return !error.message.includes('\n')
    })
    assert.deepEqual(said, ['none of the first 1000 opened: if this is another key, Ctrl-C stops'])
  })
})

describe('records that are not what the log committed to', () => {
  it('are left out unless asked for', async () => {
    const changed = JSON.parse(await seal(2))
    const commitment = Buffer.alloc(32, 1).toString('base64')
    const text = exportText([await seal(1), JSON.stringify({ ...changed, commitment })])
    assert.deepEqual((await unseal(text)).ids, ['1'])
    const { ids, report } = await unseal(text, { includeMismatched: true })
    assert.deepEqual(ids, ['1', '2'])
    assert.deepEqual(report.tell(), ['1 not what the public log committed to, kept: 2'])
  })
})

describe('a long export', () => {
  it('comes out in its order, whichever thread was faster', async () => {
    const lines = await sealSome(700)
    const { ids } = await unseal(exportText(lines))
    assert.deepEqual(
      ids,
      lines.map((_, index) => String(index + 1)),
    )
  })

  it('that is interrupted leaves nothing readable behind', {
    skip: process.platform === 'win32' && 'Windows has no signals to send',
  }, async () => {
    const some = await sealSome(100)
    const file = await save(exportText(Array.from({ length: 80 }, () => some).flat()))
    const options = ['--identity', join(folder, 'key.txt'), '--out', join(folder, 'stopped.csv')]
    const { child, ended } = runProgram(['unseal', file, ...options], {})
    const written = async () => (await readdir(folder)).some((name) => name.endsWith('.part'))
    while (child.exitCode === null && !(await written())) await setTimeout(20)
    child.kill('SIGINT')
    const { code, errors } = await ended
    assert.equal(code, 1)
    assert.equal(errors, 'undersigned: stopped: nothing was written\n')
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes('stopped')),
      [],
    )
  })
})

const ageTool = findAge()

describe('the plain age tool', {
  skip: ageTool || process.env.CI ? false : 'age is not installed',
}, () => {
  it('opens a record taken out of an export', async () => {
    const { sealed } = JSON.parse(await seal(7))
    const opened = execFileSync('age', ['--decrypt', '--identity', join(folder, 'key.txt')], {
      input: Buffer.from(sealed, 'base64'),
    })
    assert.equal(JSON.parse(opened.toString()).name, 'Signer 7')
  })
})
