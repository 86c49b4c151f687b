import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { form, get, post, sign } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'

/** The buttons of a page that show its form in another language: address and what they send. */
function languageButtons(html: string, formId: string) {
  const button = /<button class="language"[^>]*>/g
  return [...html.matchAll(button)].map(([tag]) => {
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]
    assert.equal(attribute('form'), formId)
    assert.equal(attribute('type'), 'submit')
    return {
      action: attribute('formaction')!.split('#')[0]!,
      sent: { [attribute('name')!]: attribute('value')! },
    }
  })
}

const buttonFor = (html: string, formId: string, language: string) =>
  languageButtons(html, formId).find(({ sent }) => sent.language === language)!

describe('a reader who changes the language half-way', () => {
  const harness = useHarness()

  /** Rows and jobs that a form could leave behind. */
  async function traces(): Promise<unknown> {
    const { rows } = await runSql(
      harness.databaseUrl,
      `select (select count(*) from submission) as submissions,
              (select count(*) from mail_count) as counts,
              (select count(*) from graphile_worker._private_jobs) as jobs`,
    )
    return rows
  }

  const typed = {
    name: 'Ann <Lee> & "Co"',
    email: 'half@',
    country: 'GE',
    postcode: '0105',
    comment: 'Line one\n\n<Line> two, see http://example.org',
    display: 'initials',
    updates: 'yes',
    consent: 'yes',
    ref: 'abcdefgh',
    source: 'leaflet',
    textVersion: '1',
  }

  it('keeps everything, is told of no mistake, and leaves no trace', async () => {
    const before = await traces()
    const page = await (await get(harness, `/en/p/${DEMO}`)).text()
    const { action, sent } = buttonFor(page, 'sign-form', 'be')
    const answer = await post(harness, action, { ...typed, ...sent, subject: 'filled by a robot' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('cache-control'), 'private, no-store')
    assert.equal(answer.headers.get('set-cookie'), null)
    const html = await answer.text()
    assert.match(html, /<html lang="be"/)
    assert.match(html, /action="\/be\/p\/cop29-baku\/signatures"/)
    assert.doesNotMatch(html, /class="error|data-error-summary|filled by a robot/)
    assert.match(html, /name="name"[^>]* value="Ann &lt;Lee&gt; &amp; &quot;Co&quot;"/)
    assert.match(html, /name="email"[^>]* value="half@"/)
    assert.match(html, /value="GE" selected/)
    assert.match(html, /name="postcode"[^>]* value="0105"/)
    assert.match(html, /<textarea id="field-comment"[^>]*>\nLine one\n\n&lt;Line&gt; two, see http/)
    assert.match(html, /name="display" value="initials"[^>]* checked/)
    assert.match(html, /name="updates"[^>]* checked/)
    assert.match(html, /name="consent"[^>]* checked/)
    assert.match(html, /name="ref" value="abcdefgh"/)
    assert.match(html, /name="source" value="leaflet"/)
    assert.deepEqual(await traces(), before)
  })

  it('finds what was typed in no address, and no link that would lose it', async () => {
    const html = await (await post(harness, `/az/p/${DEMO}`, { ...typed, language: 'az' })).text()
    for (const [, href] of html.matchAll(/(?:href|action)="([^"]*)"/g)) {
      assert.doesNotMatch(href!, /Ann|half|0105|Line/)
    }
    assert.doesNotMatch(html, /<a [^>]*hreflang=/)
    assert.equal(languageButtons(html, 'sign-form').length, 6, 'on top and at the form')
  })

  it('who has typed nothing has plain links, and comes by a button to the plain page', async () => {
    const page = await (await get(harness, `/en/p/${DEMO}?ref=abcdefgh`)).text()
    assert.match(page, /<a href="\/ru\/p\/cop29-baku\?ref(=|&#x3D;)abcdefgh"[^>]* hreflang="ru"/)
    const { action, sent } = buttonFor(page, 'sign-form', 'ru')
    const untouched = { name: ' ', email: '', country: '', comment: '', display: 'hidden' }
    const hidden = { ref: 'abcdefgh', source: '', textVersion: '1', subject: '' }
    const answer = await post(harness, action, { ...untouched, ...hidden, ...sent })
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), `/ru/p/${DEMO}?ref=abcdefgh`)
  })

  it('goes on from a form with mistakes, one that was trapped, and back again', async () => {
    const refused = await sign(harness, { ...typed, website: 'x' }, 'en')
    assert.equal(refused.status, 422)
    const { action, sent } = buttonFor(await refused.text(), 'sign-form', 'az')
    const there = await (await post(harness, action, { ...typed, ...sent })).text()
    assert.doesNotMatch(there, /class="error/)
    const back = buttonFor(there, 'sign-form', 'en')
    const again = await (await post(harness, back.action, { ...typed, ...back.sent })).text()
    assert.match(again, /name="email"[^>]* value="half@"/)
    const corrected = { ...typed, name: 'Ann Lee', email: 'whole@example.org', comment: '' }
    assert.equal((await sign(harness, corrected, 'az')).status, 303)
  })

  it('signs the text of the language that is shown now', async () => {
    await runSql(
      harness.databaseUrl,
      `insert into petition_text (petition_id, language, version, hash, content, published_at)
       select petition_id, language, 2, '\\x00', content, now() from petition_text where language = 'ru'`,
    )
    harness.site.petitions.drop()
    const html = await (await post(harness, `/ru/p/${DEMO}`, { ...typed, language: 'ru' })).text()
    assert.match(html, /name="textVersion" value="2"/)
  })

  it('of the form for a link to withdraw, too', async () => {
    const before = await traces()
    const path = `/en/p/${DEMO}/withdraw`
    const email = 'leaving"@example.org'
    const refused = await post(harness, path, { email: 'leaving@' })
    assert.equal(refused.status, 422)
    for (const page of [await (await get(harness, path)).text(), await refused.text()]) {
      const { action, sent } = buttonFor(page, 'withdrawal-form', 'ru')
      const answer = await post(harness, action, { email, ...sent })
      assert.equal(answer.status, 200)
      const html = await answer.text()
      assert.match(html, /<html lang="ru"/)
      assert.match(html, /value="leaving&quot;@example.org"/)
      assert.doesNotMatch(html, /class="error/)
      const empty = await post(harness, action, { email: ' ', ...sent })
      assert.equal(empty.headers.get('location'), `/ru/p/${DEMO}/withdraw`)
    }
    assert.deepEqual(await traces(), before)
  })

  it('while the database is away', async () => {
    await get(harness, `/az/p/${DEMO}`)
    await harness.wire.cut()
    const away = await sign(harness, { email: 'away@example.org' })
    assert.equal(away.status, 503)
    const { action, sent } = buttonFor(await away.text(), 'sign-form', 'az')
    const answer = await post(harness, action, { ...form({ email: 'away@example.org' }), ...sent })
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /name="email"[^>]* value="away@example.org"/)
  })
})
