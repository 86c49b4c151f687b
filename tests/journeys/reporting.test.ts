import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { HOUR } from '../../src/platform/clock.ts'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { desk } from '../support/moderation-desk.ts'
import { get } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

const PAGE = `/en/p/${DEMO}`

describe('a reader who reports a name', () => {
  const harness = useHarness({ TRUST_PROXY: 'loopback' }, { guard: true })
  let at: ReturnType<typeof desk>
  /** Too many to sign one by one. */
  const crowd = (size: number) =>
    runSql(
      harness.databaseUrl,
      `with made as (
         insert into signature (id, confirmed_at, petition_id, text_version, country, language)
           select gen_random_uuid(), now() - n * interval '1 second', 1, 1, 'DE', 'en' from generate_series(1, ${size}) n
         returning id, confirmed_at)
       insert into public_name (signature_id, petition_id, state, name, country, confirmed_at)
         select id, 1, 'approved', 'Person ' || row_number() over (), 'DE', confirmed_at from made`,
    )
  before(async () => {
    at = desk(harness)
    await at.signs('Vile Insult')
    await at.signs('Ann Lee', { comment: 'For my friends.' })
    await harness.site.db
      .updateTable('comment')
      .set({ state: 'approved', decided_at: harness.clock.now() })
      .execute()
  })

  it('finds a form that needs no script, and is told nothing of what comes of it', async () => {
    const path = (await at.reportOf('Vile Insult'))!
    const form = await get(harness, path)
    assert.equal(form.status, 200)
    assert.equal(form.headers.get('cache-control'), 'private, no-store')
    assert.match(
      await form.text(),
      /<meta name="robots" content="noindex">[\s\S]*Vile Insult[\s\S]*name="reason" value="insult"/,
    )
    assert.equal((await at.report(path, {})).status, 422)
    assert.match(await (await at.report(path, { reason: 'x' })).text(), /Choose what is wrong/)
    assert.match(
      await (await at.report(path, { reason: 'insult', subject: 'a robot' })).text(),
      /Thank you/,
    )
    assert.deepEqual(
      await at.shown(),
      ['Ann Lee', 'Vile Insult'],
      'what a robot sends does nothing',
    )
    assert.match(await (await at.report(path, { reason: 'insult' })).text(), /Thank you/)
    assert.deepEqual(await at.shown(), ['Ann Lee'])
    assert.equal((await get(harness, path)).status, 410)
  })

  it('leaves it in the queue; once an organiser has shown it, reports hide it no more', async () => {
    const [first] = await at.queue()
    assert.deepEqual(
      [first!.text, first!.why, first!.told],
      ['Vile Insult', 'report', 'reported 1: insult'],
    )
    await at.run('approve', DEMO, first!.key)
    const path = (await at.reportOf('Vile Insult'))!
    await at.report(path, { reason: 'false' })
    assert.deepEqual(await at.shown(), ['Ann Lee', 'Vile Insult'])
    assert.deepEqual(
      (await at.queue()).map(({ state, told }) => `${state}, ${told}`),
      ['shown, reported 1: false'],
    )
  })

  it('hides no comment, since an organiser has read it', async () => {
    const [, path] = /<figcaption>.*?class="report" href="([^"]+)"/.exec(await at.page())!
    await at.report(path!, { reason: 'private' }, '198.51.100.3')
    assert.match(await at.page(), /For my friends/)
    assert.match(JSON.stringify(await at.queue()), /reported 1: private/)
  })

  it('can’t report what was changed meanwhile, nor a made-up address', async () => {
    const path = (await at.reportOf('Ann Lee'))!
    await runSql(
      harness.databaseUrl,
      `update public_name set name = 'Ann B. Lee' where name = 'Ann Lee'`,
    )
    assert.equal((await get(harness, path)).status, 410)
    assert.notEqual(await at.reportOf('Ann B. Lee'), path)
    for (const mark of ['x', 'A'.repeat(32), `${'A'.repeat(31)}!`]) {
      const answer = await at.report(`${PAGE}/report/name/${mark}`, { reason: 'other' })
      assert.match(await answer.text(), /Thank you/)
      assert.equal((await get(harness, `${PAGE}/report/name/${mark}`)).status, 410)
    }
    assert.equal((await get(harness, `${PAGE}/report/thing/x`)).status, 404)
  })

  it('with a crowd of others never empties the page: a few of one place, a tenth of the names, ten an hour', async () => {
    await crowd(58)
    const hidden = async () => {
      const { rows } = await runSql(
        harness.databaseUrl,
        `select count(*)::integer as n from public_name where state = 'waiting'`,
      )
      return rows[0]!.n as number
    }
    const names = async (n: number) => (await at.shown()).slice(0, n) as string[]
    for (const name of await names(8))
      await at.report((await at.reportOf(name))!, { reason: 'other' }, '192.0.2.1')
    const ofOnePlace = await hidden()
    assert.ok(ofOnePlace > 0 && ofOnePlace <= 3, `${ofOnePlace} hidden from one place`)
    const fromEverywhere = async (net: number) => {
      for (const [host, name] of (await names(20)).entries()) {
        await at.report((await at.reportOf(name))!, { reason: 'other' }, `${net}.${host + 128}.7.7`)
      }
    }
    await fromEverywhere(24)
    assert.equal(await hidden(), 6, 'a tenth of those that are shown')
    await crowd(300)
    await fromEverywhere(25)
    assert.equal(await hidden(), 10, 'ten an hour')
    assert.equal((await at.shown()).length, 20)
    harness.clock.move(2 * HOUR)
    await fromEverywhere(26)
    assert.equal(await hidden(), 20)
  })
})
