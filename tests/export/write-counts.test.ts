import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Counts } from '../../src/export/counts.ts'
import { writeCounts } from '../../src/export/write-counts.ts'
import { readXlsx } from './read-xlsx.ts'

const counts = (keys: string[]): Counts => ({
  slug: 'a-petition',
  by: 'source',
  rows: keys.map((key, index) => ({ key, signatures: index + 1 })),
  counted: (keys.length * (keys.length + 1)) / 2,
  generatedAt: new Date('2024-03-01T09:30:00Z'),
})

test('CSV has a header and one line a row', async () => {
  assert.equal(
    await writeCounts(counts(['direct', 'telegram']), 'csv'),
    'source,signatures\ndirect,1\ntelegram,2\n',
  )
})

test('a petition that nobody signed gives the header alone', async () => {
  assert.equal(await writeCounts(counts([]), 'csv'), 'source,signatures\n')
  assert.equal(readXlsx((await writeCounts(counts([]), 'xlsx')) as Buffer).length, 1)
})

test("a partner's comma, quote and letters survive CSV", async () => {
  assert.equal(
    await writeCounts(counts(['Ədalət, "Haqq"', 'Свабода Ў']), 'csv'),
    'source,signatures\n"Ədalət, ""Haqq""",1\nСвабода Ў,2\n',
  )
})

const formulas = ['=1+1', '+49', '-2', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', '＠x']

test('no key runs as a formula in a spreadsheet that opens the CSV', async () => {
  const csv = String(await writeCounts(counts(formulas), 'csv'))
  const cells = [...csv.matchAll(/"?('[^,"]*)"?,\d+\n/g)].map(([, cell]) => cell)
  assert.deepEqual(
    cells,
    formulas.map((key) => `'${key}`),
  )
})

test('XLSX holds text as neutralised text and signatures as numbers', async () => {
  const keys = [...formulas.filter((key) => !/\s/.test(key)), 'Haqq & <Ədalət>', '2024-11-11']
  const file = (await writeCounts(counts(keys), 'xlsx')) as Buffer
  const [header, ...rows] = readXlsx(file)
  assert.deepEqual(
    header!.map((cell) => cell.value),
    ['source', 'signatures'],
  )
  assert.deepEqual(
    rows,
    keys.map((key, index) => [
      { type: 's', value: index < keys.length - 2 ? `'${key}` : key },
      { type: null, value: String(index + 1) },
    ]),
  )
})

test('JSON is what the API gives', async () => {
  assert.deepEqual(JSON.parse(String(await writeCounts(counts(['direct']), 'json'))), {
    slug: 'a-petition',
    by: 'source',
    rows: [{ key: 'direct', signatures: 1 }],
    counted: 1,
    generatedAt: '2024-03-01T09:30:00.000Z',
  })
})
