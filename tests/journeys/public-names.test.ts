import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { ago, DAY } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { type Harness, useHarness } from '../support/harness.ts'
import { get, signAndConfirm, withdraw } from '../support/signer.ts'

const PAGE = `/en/p/${DEMO}/names`
const MANY = 1200

/** Signatures with names, several in the same millisecond, without a person behind each. */
async function addNames({ connection, site }: Harness, count: number): Promise<void> {
  const { id } = await getDemo({ site })
  const start = ago(site.clock, DAY)
  await sql`
    with made as (
      insert into signature (id, confirmed_at, petition_id, text_version, country, language, tag)
      select gen_random_uuid(), ${start}::timestamptz + (n / 7) * interval '1 second', ${id}, 1,
             'DE', 'en', decode(md5(n::text), 'hex')
        from generate_series(1, ${count}) n returning id, petition_id, country, confirmed_at)
    insert into public_name (signature_id, petition_id, name, country, confirmed_at, state)
    select id, petition_id, 'Signer ' || row_number() over (), country, confirmed_at, 'approved'
      from made`.execute(connection.db)
}

const namesOn = (html: string) =>
  [...html.matchAll(/<bdi class="who">([^<]+)</g)].map(([, name]) => name!)
const olderOn = (html: string) => /<a href="([^"]+)" rel="next">/.exec(html)?.[1]

describe('all public names', () => {
  const harness = useHarness()
  before(() => addNames(harness, MANY))

  it('stand on pages that follow one another, each name once', async () => {
    const seen: string[] = []
    let path: string | undefined = PAGE
    let pages = 0
    while (path) {
      const html: string = await (await get(harness, path)).text()
      seen.push(...namesOn(html))
      path = olderOn(html)
      pages++
    }
    assert.equal(pages, 3)
    assert.equal(seen.length, MANY)
    assert.equal(new Set(seen).size, MANY)
  })

  it('are linked from the petition, and are in no search engine', async () => {
    const petition = await (await get(harness, `/en/p/${DEMO}`)).text()
    assert.match(petition, new RegExp(`<a href="${PAGE}">All public names</a>`))
    assert.match(petition, /Latest names: <bdi>/)
    assert.match(await (await get(harness, PAGE)).text(), /<meta name="robots" content="noindex">/)
  })

  it('an address of a page tells neither a signature’s id nor its minute', async () => {
    const html = await (await get(harness, PAGE)).text()
    const mark = olderOn(html)!.split('/').at(-1)!
    const [last] = await harness.site.db
      .selectFrom('public_name')
      .selectAll()
      .where('name', '=', namesOn(html).at(-1)!)
      .execute()
    const told = Buffer.from(mark, 'base64url').toString('hex')
    assert.equal(told.includes(last!.signature_id.replaceAll('-', '').slice(0, 8)), false)
    assert.equal(told.includes(last!.confirmed_at.getTime().toString(16)), false)
  })

  it('an address that nobody was given is none', async () => {
    for (const made of ['x', 'A'.repeat(22), '2024', randomUUID()])
      assert.equal((await get(harness, `${PAGE}/${made}`)).status, 404, made)
  })

  it('somebody who leaves is gone from them, and the page after theirs still opens', async () => {
    await signAndConfirm(harness, { email: 'ann@example.org', name: 'Ann Once', display: 'name' })
    const older = olderOn(await (await get(harness, PAGE)).text())!
    assert.ok(namesOn(await (await get(harness, PAGE)).text()).includes('Ann Once'))
    await withdraw(harness, 'ann@example.org')
    assert.equal(namesOn(await (await get(harness, PAGE)).text()).includes('Ann Once'), false)
    assert.equal((await get(harness, older)).status, 200)
  })

  it('a later page is found by the index, and reads no more rows than it shows', async () => {
    const { db } = harness.connection
    await sql`analyze public_name`.execute(db)
    const last = await db.selectFrom('public_name').selectAll().orderBy('confirmed_at').execute()
    const { confirmed_at: at, signature_id: id } = last[300]!
    const plan = await sql<{ 'QUERY PLAN': string }>`
      explain (analyze, costs off, timing off, summary off)
      select name from public_name
       where petition_id = ${last[0]!.petition_id} and state = 'approved' and name is not null
         and (confirmed_at, signature_id) < (${at}, ${id})
       order by confirmed_at desc, signature_id desc limit 51`.execute(db)
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
    const read = /Index Scan .*rows=(\d+)/.exec(text)?.[1]
    assert.ok(read !== undefined && Number(read) < 100, text)
  })
})

describe('names of a petition with guarded figures', () => {
  const harness = useHarness({}, { figures: 'guarded' })

  it('appear with the log’s batch, not with the confirmation', async () => {
    await signAndConfirm(harness, { email: 'ben@example.org', name: 'Ben Early', display: 'name' })
    assert.doesNotMatch(await (await get(harness, PAGE)).text(), /Ben Early/)
    await harness.sequence()
    assert.match(await (await get(harness, PAGE)).text(), /Ben Early/)
  })
})
