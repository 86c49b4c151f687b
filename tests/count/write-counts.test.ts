import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CountTable, writeCounts } from '../../src/count/write-counts.ts'
import { readXlsx } from '../support/read-xlsx.ts'

const counts = (keys: string[]): CountTable => ({
  slug: 'a-petition',
  by: 'source',
  rows: keys.map((key, index) => ({ key, signatures: index + 1 })),
  counted: (keys.length * (keys.length + 1)) / 2,
  generatedAt: new Date('2024-03-01T09:30:00Z'),
})

test('CSV has a header and one line a row', async () => {
  assert.equal(
    await writeCounts(counts(['direct', 'telegram']), 'csv'),
    'source,signatures\r\ndirect,1\r\ntelegram,2\r\n',
  )
})

test('a petition that nobody signed gives the header alone', async () => {
  assert.equal(await writeCounts(counts([]), 'csv'), 'source,signatures\r\n')
  assert.equal(readXlsx((await writeCounts(counts([]), 'xlsx')) as Buffer).length, 1)
})

test("a partner's comma, quote and letters survive CSV", async () => {
  assert.equal(
    await writeCounts(counts(['Ədalət, "Haqq"', 'Свабода Ў']), 'csv'),
    'source,signatures\r\n"Ədalət, ""Haqq""",1\r\nСвабода Ў,2\r\n',
  )
})

const formulas = ['=1+1', '+49', '-2', '@SUM(A1)', '\tx', '\rx', '\nx', '＝1', '＠x']

test('no key runs as a formula in a spreadsheet that opens the CSV', async () => {
  const csv = String(await writeCounts(counts(formulas), 'csv'))
  const cells = [...csv.matchAll(/"?('[^,"]*)"?,\d+\r\n/g)].map(([, cell]) => cell)
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
      { type: null, value: String(index + 1), format: null },
    ]),
  )
})

test('XLSX holds days and hours as such, and CSV as they are told', async () => {
  const times = { day: '2024-02-29', hour: '2024-02-29T23Z' }
  for (const [by, key] of Object.entries(times) as ['day' | 'hour', string][]) {
    const told: CountTable = { ...counts([key]), by }
    const [when, signatures] = readXlsx((await writeCounts(told, 'xlsx')) as Buffer)[1]!
    const ms = Math.round((Number(when!.value) - 25_569) * 86_400_000)
    const hour = by === 'day' ? '00' : '23'
    assert.equal(new Date(ms).toISOString(), `2024-02-29T${hour}:00:00.000Z`)
    assert.match(when!.format!, by === 'day' ? /dd$/ : /hh:mm:ss$/)
    assert.deepEqual(signatures, { type: null, value: '1', format: null })
    assert.equal(await writeCounts(told, 'csv'), `${by},signatures\r\n${key},1\r\n`)
  }
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
