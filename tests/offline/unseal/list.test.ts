import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatList, type ListFormat } from '../../../src/offline/unseal/format-list.ts'
import type { ListedRecord } from '../../../src/offline/unseal/open-records.worker.ts'
import { toXlsx } from '../../../src/platform/table/xlsx.ts'
import {
  COLUMNS,
  type ListRow,
  toCells,
  toListRow,
} from '../../../src/sealing/record/list-columns.ts'
import { typedNames } from '../../support/names.ts'
import { readXlsx } from '../../support/read-xlsx.ts'
import { listedRecord } from '../../support/sealed-export.ts'

async function* inShares(records: ListedRecord[], size = 2) {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size)
}

async function collect(chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(Buffer.from(chunk))
  return Buffer.concat(all)
}

const write = (format: ListFormat, records: ListedRecord[]) =>
  collect(formatList[format](inShares(records), 'free-them'))
const named = (names: string[]) =>
  names.map((name, at) => listedRecord({ name, id: String(at + 1), comment: `${name}\n“,;\t` }))

/** As RFC 4180 has it, quotes and line ends within them; no other line ends. */
function readCsv(text: string): string[][] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)]
  assert.equal(cells.map(([all]) => all).join(''), text)
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of cells) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

const plain = (text: string) => text.replace(/^'(?=[=+\-@\t])/, '')

describe('the list of signers', () => {
  it('has the same cells as CSV and as XLSX, in every script', async () => {
    const records = named(typedNames)
    const csv = readCsv((await write('csv', records)).toString())
    const xlsx = readXlsx(await write('xlsx', records)).map((row) => row.map(({ value }) => value))
    assert.deepEqual(csv[0], [...COLUMNS])
    assert.deepEqual(
      csv.slice(1).map((row) => plain(row[COLUMNS.indexOf('name')]!)),
      typedNames,
    )
    // A cell without text is left out of a sheet; times are told below.
    const isTime = (_: string, at: number) => !COLUMNS[at]!.endsWith('_at')
    assert.deepEqual(csv[0], xlsx[0])
    assert.deepEqual(
      csv.slice(1).map((row) => row.filter(isTime).filter((cell) => cell !== '')),
      xlsx.slice(1).map((row) => row.filter((cell) => !/^\d{5}\.\d+$/.test(cell))),
    )
  })

  it('as JSON has exactly what was typed, and what has no column', async () => {
    const records = named([...typedNames, '+994 12', '-', '@home'])
    const list = JSON.parse((await write('json', records)).toString()) as Record<string, unknown>[]
    assert.deepEqual(
      list.map(({ name, comment }) => ({ name, comment })),
      records.map(({ name, comment }) => ({ name, comment })),
    )
    assert.deepEqual(Object.keys(list[0]!).slice(0, COLUMNS.length), [...COLUMNS])
    assert.deepEqual([list[0]!.text_version, list[0]!.consent_version], [1, 1])
  })

  it('runs no formula, wherever a signer typed it', async () => {
    const formulas = ['=1+1', '+49', '-2', '@SUM(A1)', '\tx', '\rx', '＝1']
    for (const text of formulas) {
      const record = listedRecord({ name: text, email: text, postcode: text, comment: text })
      const csv = (await write('csv', [record])).toString()
      const cells = csv.slice(csv.indexOf('\r\n') + 2).split(',')
      for (const at of [0, 2, 3, 5, 6]) assert.match(cells[at]!, /^"?'/, JSON.stringify(csv))
      for (const { value } of readXlsx(await write('xlsx', [record]))[1]!) {
        assert.doesNotMatch(value, /^[=+\-@\t\r＝]/)
      }
    }
  })

  it('has times and places in the log as such in XLSX: a spreadsheet sorts and adds them', async () => {
    const record = listedRecord({
      signedAt: '2026-01-02T03:04:05.000Z',
      confirmedAt: '2024-02-29T23:59:59.999Z',
      index: 1234,
      postcode: '01067',
      name: '12345',
    })
    const [, row] = readXlsx(await write('xlsx', [record]))
    const cell = (column: (typeof COLUMNS)[number]) => {
      const filled = toCells(record).flatMap((each, at) => (each === '' ? [] : [COLUMNS[at]]))
      return row![filled.indexOf(column)]!
    }
    const moment = (column: (typeof COLUMNS)[number]) => {
      const { type, value, format } = cell(column)
      assert.deepEqual([type, format], [null, 'yyyy\\-mm\\-dd\\ hh:mm:ss'])
      return new Date(Math.round((Number(value) - 25_569) * 86_400_000)).toISOString()
    }
    assert.equal(moment('signed_at'), record.signedAt)
    assert.equal(moment('confirmed_at'), record.confirmedAt)
    assert.deepEqual(cell('log_index'), { type: null, value: '1234', format: null })
    for (const column of ['name', 'postcode', 'id'] as const) {
      assert.equal(cell(column).type, 's', `${column} is no number, whatever it looks like`)
    }
    const odd = listedRecord({ signedAt: '=1+1', confirmedAt: '2026-13-45T99:99:99Z' })
    const texts = readXlsx(await write('xlsx', [odd]))[1]!.map(({ value }) => value)
    assert.ok(texts.includes("'=1+1") && texts.includes('2026-13-45T99:99:99Z'))
  })

  it('says of nobody that they wish for mail, and where to find who does', async () => {
    const records = [listedRecord({ updates: true }), listedRecord({ updates: false, id: '2' })]
    const last = (rows: string[][]) => rows.map((row) => row.at(-1)!)
    const csv = (await write('csv', records)).toString()
    const xlsx = readXlsx(await write('xlsx', records)).map((row) => row.map(({ value }) => value))
    const json = JSON.parse((await write('json', records)).toString()) as ListRow[]
    for (const [name, ...wishes] of [
      last(readCsv(csv)),
      last(xlsx),
      ['updates_list', ...json.map((row) => row.updates_list)],
    ]) {
      assert.equal(name, 'updates_list')
      assert.match(wishes[0]!, /undersigned subscriber export/)
      assert.equal(wishes[0], wishes[1], 'who asked and who did not look the same')
    }
    assert.ok(json.every((row) => !('updates' in row)))
  })

  it('is whole without a single signer', async () => {
    assert.equal((await write('csv', [])).toString(), `${COLUMNS.join(',')}\r\n`)
    assert.deepEqual(JSON.parse((await write('json', [])).toString()), [])
    assert.equal(readXlsx(await write('xlsx', [])).length, 1)
  })

  it('guesses a last name from the last word, and never loses a word', () => {
    const split = (name: string) => {
      const { first_name, last_name } = toListRow(listedRecord({ name }))
      return [first_name, last_name]
    }
    assert.deepEqual(split('Ann Lee'), ['Ann', 'Lee'])
    assert.deepEqual(split('Madonna'), ['Madonna', ''])
    assert.deepEqual(split('María de la Cruz'), ['María de la', 'Cruz'])
    for (const name of typedNames) assert.equal(split(name).join(' ').trim(), name)
  })

  it('goes on in another sheet when one is full, each with its header', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `Signer ${index}`)
    async function* rows() {
      for await (const share of inShares(named(names), 3)) yield share.map(toCells)
    }
    const table = { title: 'Signers', columns: COLUMNS, rows: rows() }
    const book = await collect(toXlsx(table, 4))
    const sheets = [1, 2, 3].map((number) => readXlsx(book, number).map((row) => row[2]!.value))
    assert.deepEqual(sheets, [
      ['name', ...names.slice(0, 3)],
      ['name', ...names.slice(3, 6)],
      ['name', ...names.slice(6)],
    ])
  })

  it('as XLSX stays readable whatever a changed record holds', async () => {
    const name = 'a\0b\x1fc\ufffe _x0041_ <&> \ud800'
    const cell = readXlsx(await write('xlsx', [listedRecord({ name })]))[1]!
    assert.ok(cell.some(({ value }) => value === 'a\ufffdb\ufffdc\ufffd _x005F_x0041_ <&> \ufffd'))
  })
})
