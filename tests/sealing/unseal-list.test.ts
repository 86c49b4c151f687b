import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { COLUMNS, toListRow } from '../../src/sealing/record/list-columns.ts'
import { formatList, type ListFormat } from '../../src/sealing/unseal/list/format-list.ts'
import { toXlsx } from '../../src/sealing/unseal/list/list-xlsx.ts'
import type { ListedRecord } from '../../src/sealing/unseal/open/open-records.worker.ts'
import { readXlsx } from '../export/read-xlsx.ts'
import { typedNames } from '../support/names.ts'
import { listedRecord } from '../support/signer-record.ts'

async function* inShares(records: ListedRecord[], size = 2) {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size)
}

async function collect(chunks: AsyncIterable<string | Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(Buffer.from(chunk))
  return Buffer.concat(all)
}

const write = (format: ListFormat, records: ListedRecord[]) =>
  collect(formatList[format](inShares(records), 'free-them'))
const named = (names: string[]) =>
  names.map((name, at) => listedRecord({ name, id: String(at + 1), comment: `${name}\n“,;\t` }))

/** As RFC 4180 has it, quotes and line ends within them. */
function readCsv(text: string): string[][] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/g)]
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of cells) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!)
    if (end === '\n') rows.push([])
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
    // A cell without text is left out of a sheet.
    assert.deepEqual(
      csv.map((row) => row.filter((cell) => cell !== '')),
      xlsx,
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
    assert.equal(list[0]!.updates, false)
  })

  it('runs no formula, wherever a signer typed it', async () => {
    const formulas = ['=1+1', '+49', '-2', '@SUM(A1)', '\tx', '\rx', '＝1']
    for (const text of formulas) {
      const record = listedRecord({ name: text, email: text, postcode: text, comment: text })
      const csv = (await write('csv', [record])).toString()
      const cells = csv.slice(csv.indexOf('\n') + 1).split(',')
      for (const at of [0, 2, 3, 5, 6]) assert.match(cells[at]!, /^"?'/, JSON.stringify(csv))
      for (const { value } of readXlsx(await write('xlsx', [record]))[1]!) {
        assert.doesNotMatch(value, /^[=+\-@\t\r＝]/)
      }
    }
  })

  it('is whole without a single signer', async () => {
    assert.equal((await write('csv', [])).toString(), `${COLUMNS.join(',')}\n`)
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
    const book = await collect(toXlsx(inShares(named(names), 3), 4))
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
