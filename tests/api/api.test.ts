import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startHarness } from '../support/harness.ts'
import { readXlsx } from '../support/read-xlsx.ts'
import { get, signAndConfirm } from '../support/signer.ts'

const PETITION = '/api/v1/petitions/cop29-baku'

const harness = await startHarness()
after(() => harness.close())
const body = async (path: string) => (await get(harness, path)).json()

const countries = ['AZ', 'AZ', 'AZ', 'AZ', 'AZ', 'AZ', 'DE', 'DE', 'DE', 'LI', 'GE']
for (const [index, country] of countries.entries()) {
  await signAndConfirm(harness, { email: `signer${index}@example.org`, country })
}

test('a newsroom reads the count of a petition', async () => {
  const answer = await get(harness, PETITION)
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type')!, /^application\/json/)
  assert.match(answer.headers.get('cache-control')!, /^public, max-age=1, stale-if-error=\d+$/)
  const petition = (await answer.json()) as Record<string, unknown>
  assert.deepEqual(Object.keys(petition), [
    'slug',
    'status',
    'stage',
    'hidden',
    'delivery',
    'title',
    'languages',
    'goal',
    'signatures',
    'paper',
    'imported',
    'scrutiny',
    'log',
    'opensAt',
    'closesAt',
    'updatedAt',
    'urls',
  ])
  assert.equal(petition.status, 'open')
  assert.deepEqual(petition.signatures, { confirmed: 11, withdrawn: 0, voided: 0, counted: 11 })
  assert.deepEqual(await body('/api/v1/petitions'), { petitions: [petition] })
})

test('the title comes in the language that is asked for, else in the default one', async () => {
  const title = async (query: string) =>
    ((await body(`${PETITION}${query}`)) as { title: string }).title
  assert.match(await title('?lang=ru'), /[а-я]/)
  assert.equal(await title('?lang=xx'), await title(''))
})

test('small countries are folded in every format', async () => {
  const rows = [
    { key: 'AZ', signatures: 6 },
    { key: 'other', signatures: 5 },
  ]
  const counts = (await body(`${PETITION}/counts?by=country`)) as Record<string, unknown>
  assert.deepEqual(counts, {
    slug: 'cop29-baku',
    by: 'country',
    rows,
    counted: 11,
    generatedAt: harness.clock.now().toISOString(),
  })
  const csv = await get(harness, `${PETITION}/counts.csv?by=country`)
  assert.equal(await csv.text(), 'country,signatures\r\nAZ,6\r\nother,5\r\n')
  assert.equal(
    csv.headers.get('content-disposition'),
    'attachment; filename="cop29-baku-by-country.csv"',
  )
  const xlsx = await get(harness, `${PETITION}/counts.xlsx?by=country`)
  const cells = readXlsx(Buffer.from(await xlsx.arrayBuffer()))
  assert.deepEqual(
    cells.slice(1).map((row) => row.map((cell) => cell.value)),
    [
      ['AZ', '6'],
      ['other', '5'],
    ],
  )
})

test('every breakdown adds up to the same count', async () => {
  for (const by of ['total', 'hour', 'day', 'country', 'language']) {
    const counts = (await body(`${PETITION}/counts?by=${by}`)) as { by: string; counted: number }
    assert.deepEqual([counts.by, counts.counted], [by, 11])
  }
  assert.equal(((await body(`${PETITION}/counts`)) as { by: string }).by, 'total')
})

test('where signatures come from is not public, in no format', async () => {
  for (const file of ['counts', 'counts.csv', 'counts.xlsx']) {
    const answer = await get(harness, `${PETITION}/${file}?by=source`)
    assert.equal(answer.status, 400)
    assert.deepEqual(await answer.json(), {
      statusCode: 400,
      error: 'Bad Request',
      message:
        'by must be one of total, hour, day, country or language; where signatures come from is for the organisers alone',
    })
  }
})

test('what is not there says so as JSON, to other sites too', async () => {
  for (const path of ['/petitions/nothing', '/petitions/nothing/counts', '/nothing']) {
    const answer = await get(harness, `/api/v1${path}`)
    assert.equal(answer.status, 404)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    const error = (await answer.json()) as Record<string, unknown>
    assert.deepEqual(Object.keys(error), ['statusCode', 'error', 'message'])
  }
})

test('who has the answer already gets 304, a spreadsheet included', async () => {
  for (const path of ['', '/counts?by=day', '/counts.csv', '/counts.xlsx', '?lang=ru']) {
    const first = await get(harness, `${PETITION}${path}`)
    const etag = first.headers.get('etag')!
    const second = await get(harness, `${PETITION}${path}`, { 'if-none-match': etag })
    assert.equal(second.status, 304, path)
    assert.equal(await second.text(), '')
    assert.equal(second.headers.get('access-control-allow-origin'), '*')
  }
})

test("another site's script may read, without credentials", async () => {
  const asked = await fetch(`${harness.origin}${PETITION}/counts`, {
    method: 'OPTIONS',
    headers: { origin: 'https://news.example', 'access-control-request-method': 'GET' },
  })
  assert.equal(asked.status, 204)
  assert.equal(asked.headers.get('access-control-allow-methods'), 'GET, HEAD, OPTIONS')
  const answer = await get(harness, PETITION, { origin: 'https://news.example' })
  assert.equal(answer.headers.get('access-control-allow-origin'), '*')
  assert.equal(answer.headers.get('access-control-allow-credentials'), null)
  assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin')
})
