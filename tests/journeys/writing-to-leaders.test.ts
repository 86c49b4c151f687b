import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { TargetInput } from '../../src/target/read-targets.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get, post, signAndConfirm } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

const PAGE = `/en/p/${DEMO}/write`

describe('a letter to one who is asked', () => {
  const harness = useHarness()
  before(async () => {
    const office = 'head-of-government'
    const asked: TargetInput[] = [
      { id: 'de', country: 'DE', office },
      { id: 'dk', country: 'DK', office, contact: 'stm@stm.example' },
      { id: 'no', country: 'NO', office, contact: 'https://smk.example/' },
    ]
    await harness.site.targets.import(await getDemo(harness), asked, TESTER)
  })
  const read = async (path: string) => (await get(harness, path)).text()
  const asText = (html: string) =>
    html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&').replaceAll('&#x27;', "'")

  it('is offered where it can be written: after signing, and with the answers', async () => {
    await signAndConfirm(harness, { email: 'writer@example.org' })
    assert.match(await read(`/en/p/${DEMO}/answers`), /href="\/en\/p\/cop29-baku\/write"/)
    assert.match(await read(`/en/p/${DEMO}/thanks`), /href="\/en\/p\/cop29-baku\/write"/)
  })

  it('names nobody before one is chosen, and forgives one who is not there', async () => {
    for (const query of ['', '?to=', '?to=nobody', '?to=__proto__', '?to=de&to=fr']) {
      const html = await read(PAGE + query)
      assert.match(html, /<option value="de">Germany: Head of government<\/option>/, query)
      assert.doesNotMatch(html, /<textarea/, query)
    }
  })

  it('is in the country’s language where the petition has it, else in English; the reader may choose', async () => {
    assert.match(await read(`/ru/p/${DEMO}/write?to=de`), /<textarea[^>]* lang="en" dir="ltr"/)
    const chosen = await read(`${PAGE}?to=de&in=az`)
    assert.match(chosen, /<textarea[^>]* lang="az" dir="ltr"/)
    assert.match(chosen, /Xahiş edirəm/)
    assert.match(chosen, /http:\/\/petitions\.test\/az\/p\/cop29-baku/)
    assert.match(await read(`${PAGE}?to=de&in=xx`), /<textarea[^>]* lang="en"/)
  })

  it('opens in one’s own mail program, or beside a form; without an address it says so', async () => {
    const mail = asText(await read(`${PAGE}?to=dk`))
    const href = /href="(mailto:[^"]+)"/.exec(mail)![1]!
    const url = new URL(href)
    assert.equal(url.pathname, 'stm@stm.example')
    assert.match(url.searchParams.get('subject')!, /^COP29 in Baku/)
    assert.match(url.searchParams.get('body')!, /\r\n– Boycott/)
    const long = asText(await read(`${PAGE}?to=dk&in=ru`))
    assert.match(long, /href="mailto:stm@stm\.example\?subject=[^"&]+"/)
    assert.match(long, /<p class="help" id="letter-to-paste">/)
    assert.match(mail, /<p class="help" id="letter-to-paste" hidden>/)
    assert.match(await read(`${PAGE}?to=no`), /<a class="button" href="https:\/\/smk\.example\/"/)
    assert.match(await read(`${PAGE}?to=de`), /The organisers have given no address/)
  })

  it('is kept for all until somebody chooses: no cache knows to whom who wrote, nor that they did', async () => {
    for (const query of ['', '?to=nobody&in=xx&x=1', '?in=az']) {
      const answer = await get(harness, PAGE + query)
      assert.match(answer.headers.get('cache-control')!, /^public, max-age=1,/, query)
      const tag = { 'if-none-match': answer.headers.get('etag')! }
      assert.equal((await fetch(`${harness.origin}${PAGE}`, { headers: tag })).status, 304, query)
    }
    const pages = new Set<string>()
    for (const query of ['?to=de', '?to=de&in=az', '?to=dk', '?sent=yes', '?to=de&sent=yes']) {
      const answer = await get(harness, PAGE + query)
      assert.equal(answer.headers.get('cache-control'), 'private, no-store', query)
      const html = await answer.text()
      if (query.includes('to=')) assert.match(html, /<textarea [^>]*autocomplete="off"/)
      pages.add(html)
    }
    assert.equal(pages.size, 5)
  })

  it('is counted only as a number, in steps of five', async () => {
    for (let nth = 1; nth <= 4; nth++) {
      const answer = await post(harness, PAGE, { body: 'my secret words', to: 'de' })
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.get('location'), `${PAGE}?sent=yes`)
    }
    assert.doesNotMatch(await read(`${PAGE}?sent=yes`), /letters? (?:has|have) been written/)
    await post(harness, PAGE, {})
    const html = await read(`${PAGE}?sent=yes`)
    assert.match(html, /5 letters have been written, by the writers’ own word/)
    assert.match(html, /Thank you\. Your letter is counted\./)
    const { rows } = await harness.connection.pool.query('select * from letter_count')
    assert.deepEqual(Object.keys(rows[0]), ['petition_id', 'letters'])
    assert.equal(JSON.stringify(harness.logged).includes('secret words'), false)
  })

  it('is not counted for another site’s page', async () => {
    const answer = await post(harness, PAGE, {}, { origin: 'https://evil.example' })
    assert.equal(answer.status, 403)
  })
})

describe('letters by the hundred', () => {
  const harness = useHarness({ TRUST_PROXY: 'loopback' }, { guard: true })
  const HOME = '198.51.100.7'
  const write = (count: number, headers = {}) =>
    Promise.all(Array.from({ length: count }, () => post(harness, PAGE, {}, headers)))
  const counted = async () => {
    const { rows } = await harness.connection.pool.query('select letters from letter_count')
    return Number(rows[0]?.letters ?? 0)
  }
  before(async () => {
    const asked: TargetInput[] = [{ id: 'de', country: 'DE', office: 'head-of-government' }]
    await harness.site.targets.import(await getDemo(harness), asked, TESTER)
  })

  it('from one place count a few times, and keep nobody there from reporting a name', async () => {
    await write(40, { 'x-forwarded-for': HOME })
    assert.ok((await counted()) <= 4, `${await counted()}`)
    assert.equal(harness.site.intakeGuard.weighReport(HOME), true)
  })

  it('of which nobody knows from where they come are no more than people write', async () => {
    const before = await counted()
    const answers = await write(200)
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303])
    const more = (await counted()) - before
    assert.ok(more >= 40 && more < 100, `${more}`)
  })
})
