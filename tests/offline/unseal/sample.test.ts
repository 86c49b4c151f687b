import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { DRAW_FORMAT, formatDraw } from '../../../src/offline/audit/draw-file.ts'
import { generateKey } from '../../../src/offline/unseal/generate-key.ts'
import { parseOpened } from '../../../src/sealing/record/opened-file.ts'
import { runProgram } from '../../support/program.ts'
import { exportText, sealedLine } from '../../support/sealed-export.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const organiser = generateKey(new Date())
const stranger = generateKey(new Date())

describe('unsealing a sample', () => {
  const folder = temporaryFolder()
  let file: string
  let runs = 0
  before(async () => {
    await writeFile(join(folder, 'key.txt'), organiser.text)
    const place = async (id: string, index: number | null, recipient = organiser.recipient) => {
      const fields = { id, normalisedEmail: `${id}@example.org`, email: `${id}@Example.org` }
      return JSON.stringify({ ...JSON.parse(await sealedLine(fields, [recipient])), index })
    }
    // The second opens with no key of ours: an attempt to open it would be reported.
    file = join(folder, 'export.jsonl')
    const lines = [
      await place('1', 12),
      await place('2', 13, stranger.recipient),
      await place('3', 15),
      await place('4', null),
      await place('5', 99),
      'damaged',
    ]
    await writeFile(file, exportText(lines))
  })

  async function unseal(...options: string[]) {
    const out = join(folder, `${++runs}.out`)
    const line = ['unseal', file, '--identity', join(folder, 'key.txt'), '--out', out, ...options]
    const { code, errors } = await runProgram(line, {}).ended
    return { code, errors, text: await readFile(out, 'utf8').catch(() => null) }
  }

  it('opens the entries that are named and tries no other', async () => {
    const { code, errors, text } = await unseal('--only', '99,12', '--format', 'json')
    assert.equal(code, 0, errors)
    const list = JSON.parse(text!) as { id: string; log_index: string }[]
    assert.deepEqual(
      list.map(({ id, log_index }) => [id, log_index]),
      [
        ['1', '12'],
        ['5', '99'],
      ],
    )
    assert.match(errors, /^2 of 2 records opened, 2 written to/)
  })

  it('gives an auditor what the commitment covers, r with it, and nothing else', async () => {
    const draw = join(folder, 'draw.json')
    const some = { vkey: '', origin: '', checkpoint: '', random: 'x', k: 2, population: 9 }
    const drawn = {
      format: DRAW_FORMAT,
      petition: 'free-them',
      ...some,
      indexes: [15, 12],
    } as const
    await writeFile(draw, formatDraw(drawn))
    const { code, errors, text } = await unseal('--only', draw, '--format', 'audit')
    assert.equal(code, 0, errors)
    const opened = parseOpened(text!)!
    assert.deepEqual(
      opened.records.map(({ index }) => index),
      [12, 15],
    )
    const { r, ...first } = opened.records[0]!
    assert.equal(r.length, 44)
    assert.deepEqual(first, {
      index: 12,
      id: '1',
      slug: 'free-them',
      name: 'Ann Lee',
      email: '1@Example.org',
      normalisedEmail: '1@example.org',
      textVersion: 1,
    })
  })

  it('lists by number what the export does not have', async () => {
    const list = join(folder, 'list.txt')
    await writeFile(list, '12\n7 8\n')
    const { code, errors } = await unseal('--only', list)
    assert.equal(code, 0)
    assert.match(errors, /^2 of 3 entries are not in this export, .*: 7, 8$/m)
    const none = await unseal('--only', '7,8')
    assert.equal(none.code, 1)
    assert.equal(none.text, null)
    assert.match(
      none.errors,
      /has none of these records, so nothing was written: 2 of 2 .*: 7, 8$/m,
    )
  })

  it('still tells which of the wanted do not open', async () => {
    const { code, errors } = await unseal('--only', '12,13')
    assert.equal(code, 1)
    assert.match(errors, /^1 sealed to other keys than these, left out: 2$/m)
  })

  it('refuses what it is not meant for', async () => {
    assert.equal((await unseal('--format', 'audit')).code, 2)
    for (const [only, why] of [
      ['12,x', /is not there/],
      ['1e3', /is not there/],
      [join(folder, 'key.txt'), /is no number of an entry/],
      [file, /is no draw/],
      ['99999999999999999999', /is no number of an entry/],
    ] as const) {
      const { code, errors } = await unseal('--only', only)
      assert.equal(code, 1, only)
      assert.match(errors, why)
      assert.equal(errors.trimEnd().split('\n').length, 1)
    }
  })
})
