import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { serveUpdate } from '../../src/pages/updates/serve-update.ts'
import { DAY } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useFreshHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { EN, RU, updateDesk } from '../support/update-desk.ts'

describe('an update', () => {
  const harness = useFreshHarness()
  const { update, write, publish, page } = updateDesk(harness)

  it('begins as a template that can’t be published before it is written', async () => {
    const folder = join(temporaryFolder(), 'first-letters')
    assert.equal((await update('new', DEMO, folder)).errors, '')
    assert.match(
      (await update('publish', DEMO, folder)).errors,
      /en\.md, line 3: it still says FILL-IN/,
    )
    const wrong: [Record<string, string>, RegExp][] = [
      [{ 'ru.md': RU }, /lacks en\.md/],
      [{ 'en.md': EN, 'de.md': EN }, /the petition is not in de/],
      [{ 'en.md': '---\ntitle: "x"\n---\n' }, /en\.md has no text below its title/],
      [{ 'en.md': 'Only text' }, /start the file with its title/],
      [{ 'en.md': '---\ntitle: "x"\nslogan: "y"\n---\n\nz' }, /slogan/],
    ]
    for (const [files, fault] of wrong) {
      assert.match((await update('publish', DEMO, write('wrong', files))).errors, fault)
    }
    assert.match(
      (await update('publish', DEMO, write('Wrong_Name', { 'en.md': EN }))).errors,
      /address/,
    )
    assert.doesNotMatch(await page('/en/p/cop29-baku'), /class="updates"/)
  })

  it('is previewed with its mail, to this computer alone', async () => {
    const folder = write('first-letters', { 'en.md': EN, 'ru.md': RU })
    const preview = await serveUpdate(harness.site, await getDemo(harness), folder, 0)
    try {
      const shown = await (
        await fetch(`${preview.url}/ru/p/cop29-baku/updates/first-letters`)
      ).text()
      assert.match(shown, /Первые письма ушли/)
      assert.match(await (await fetch(`${preview.url}/mail/en`)).text(), /<em>first<\/em> letters/)
      const elsewhere = await fetch(`${preview.url}/az/p/cop29-baku/updates/first-letters`)
      assert.ok(elsewhere.url.endsWith('/en/p/cop29-baku/updates/first-letters'))
      writeFileSync(join(folder, 'en.md'), 'no title')
      assert.equal((await fetch(`${preview.url}/mail/en`)).status, 422)
    } finally {
      await preview.close()
    }
    assert.equal((await get(harness, '/en/p/cop29-baku/updates/first-letters')).status, 404)
  })

  it('is shown on the page, by itself with links to share it, in the sitemap; a correction says so', async () => {
    await publish('first-letters')
    assert.match((await publish('first-letters')).output, /nothing to do/)
    const listed = await page('/en/p/cop29-baku')
    assert.match(
      listed,
      /<a href="\/en\/p\/cop29-baku\/updates\/first-letters">Letters &amp; &lt;em/,
    )
    assert.match(
      listed,
      /<link rel="alternate" type="application\/atom\+xml" title="[^"]+" href="\/p\/cop29-baku\/feed\.xml\?lang(?:=|&#x3D;)en">/,
    )
    assert.match(
      await page('/az/p/cop29-baku'),
      /href="\/en\/p\/cop29-baku\/updates\/first-letters" lang="en"/,
    )

    const answer = await get(harness, '/en/p/cop29-baku/updates/first-letters?ref=abcdefgh')
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    const own = await answer.text()
    assert.match(own, /<em>first<\/em> letters are out/)
    assert.match(own, /rel="noopener noreferrer">More/)
    assert.match(
      own,
      /hreflang="ru" href="http:\/\/petitions\.test\/ru\/p\/cop29-baku\/updates\/first-letters"/,
    )
    assert.match(own, /wa\.me/)
    assert.match(
      own,
      /href="\/en\/p\/cop29-baku\?ref(?:=|&#x3D;)abcdefgh"/,
      'who shared it is credited',
    )
    assert.doesNotMatch(own, /Corrected/)

    const elsewhere = await get(harness, '/az/p/cop29-baku/updates/first-letters')
    assert.equal(elsewhere.headers.get('location'), '/en/p/cop29-baku/updates/first-letters')
    const headers = { 'accept-language': 'ru' }
    const shared = await get(
      harness,
      '/p/cop29-baku/updates/first-letters?source=telegram',
      headers,
    )
    assert.equal(
      shared.headers.get('location'),
      '/ru/p/cop29-baku/updates/first-letters?source=telegram',
    )
    assert.equal((await get(harness, '/en/p/cop29-baku/updates/other')).status, 404)
    assert.match(
      await page('/sitemap.xml'),
      /<loc>http:\/\/petitions\.test\/ru\/p\/cop29-baku\/updates\/first-letters</,
    )
    assert.match(await page('/en/p/cop29-baku/updates'), /first-letters/)

    harness.clock.move(DAY)
    await publish('first-letters', { 'en.md': EN.replace('out.', 'on their way.') })
    const corrected = await page('/en/p/cop29-baku/updates/first-letters')
    assert.match(corrected, /Corrected on 2 March 2024/)
    assert.match(corrected, /on their way/)
    assert.equal((await get(harness, '/ru/p/cop29-baku/updates/first-letters')).status, 302)
  })

  it('stands in a feed in each language, which a reader who has it gets as unchanged', async () => {
    const { headers, text } = await feed('/p/cop29-baku/feed.xml')
    assert.equal(headers.get('content-type'), 'application/atom+xml; charset=utf-8')
    assert.doesNotMatch(text, /<entry/)
    await publish('first-letters')
    const filled = await feed('/p/cop29-baku/feed.xml?lang=az')
    assert.match(filled.text, /<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom" xml:lang="az">/)
    assert.match(filled.text, /<entry xml:lang="en">/, 'it is not in Azerbaijani')
    assert.match(filled.text, /<title>Letters &amp; &lt;em&gt;answers&lt;\/em&gt;<\/title>/)
    assert.match(filled.text, /&lt;p&gt;The &lt;em&gt;first&lt;\/em&gt; letters/)
    assert.match(
      filled.text,
      /<id>http:\/\/petitions\.test\/p\/cop29-baku\/updates\/first-letters<\/id>/,
    )
    assert.match((await feed('/p/cop29-baku/feed.xml?lang=xx')).text, /xml:lang="en"/)
    assert.equal(filled.headers.get('cache-control'), 'public, max-age=300, stale-if-error=86400')
    const etag = filled.headers.get('etag')!
    const again = await get(harness, '/p/cop29-baku/feed.xml?lang=az', { 'if-none-match': etag })
    assert.equal(again.status, 304)
  })

  async function feed(path: string) {
    const { headers, status, ...answer } = await get(harness, path).then(async (got) => ({
      headers: got.headers,
      status: got.status,
      text: await got.text(),
    }))
    assert.equal(status, 200)
    return { headers, ...answer }
  }
})
