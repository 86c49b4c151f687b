import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { writeFeed } from '../../src/pages/updates/write-feed.ts'
import { brokenRules, type Element, READ_XML } from '../support/atom-rules.ts'
import { withPage } from '../support/browser.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { EN, updateDesk } from '../support/update-desk.ts'

/** Chromium's XML parser, which forgives nothing. */
const read = (xml: string) =>
  withPage({}, (page) => page.evaluate<Element>(`(${READ_XML})(${JSON.stringify(xml)})`))

describe('the feed of updates', () => {
  const harness = useHarness()
  const { publish } = updateDesk(harness)
  const LANGUAGES = ['en', 'az', 'ru', 'be']

  async function check(entries: number) {
    for (const language of LANGUAGES) {
      const answer = await get(harness, `/p/${DEMO}/feed.xml?lang=${language}`)
      assert.equal(answer.headers.get('content-type'), 'application/atom+xml; charset=utf-8')
      const feed = await read(await answer.text())
      assert.deepEqual(brokenRules(feed), [], language)
      assert.equal(feed.children.filter(({ name }) => name === 'entry').length, entries)
    }
  }

  it('keeps the rules of RFC 4287 before the first update', () => check(0))

  it('keeps them with updates, of which some are in one language alone', async () => {
    await publish('first-letters')
    await publish('second', { 'en.md': EN.replace('Letters', 'Answers') })
    await check(2)
  })

  it('keeps them whatever organisers write', async () => {
    const petition = await getDemo(harness)
    const odd = 'a \u0000\u0008\ufffe & <b>"]]>\u{1f600} &amp;\ud800'
    const now = new Date()
    const feed = writeFeed(
      'https://petitions.example',
      {
        petition,
        updates: [
          {
            ...{ id: 1, petitionId: petition.id, name: 'odd', publishedAt: now, updatedAt: now },
            texts: new Map([['en', { title: odd, body: `${odd}\n\n*x* ]]>` }]]),
          },
        ],
      },
      'en',
    )
    const element = await read(feed)
    assert.deepEqual(brokenRules(element), [])
  })

  it('would be found to break each rule', async () => {
    const good = await (await get(harness, `/p/${DEMO}/feed.xml`)).text()
    const changes: [from: RegExp, to: string, broken: RegExp][] = [
      [/<id>[^<]*<\/id>/, '', /^4\.2\.6/],
      [/<id>[^<]*<\/id>/, '<id>first</id>', /^4\.2\.6/],
      [/<title>[^<]*<\/title>/, '<title> </title>', /^4\.2\.14/],
      [/<updated>[^<]*/, '<updated>2024-03-01', /^3\.3/],
      [/<author>[\s\S]*?<\/author>\n/g, '', /^4\.1\.2/],
      [/<name>[^<]*/, '<name>', /^3\.2\.1/],
      [/rel="self"/, 'rel="myself"', /^4\./],
      [/xml:lang="en"/, 'xml:lang="English!"', /^2/],
      [/<entry /, '<item/><entry ', /^4\.1/],
      [/type="html">/, 'type="html"><p/>', /^4\.1\.3\.3/],
      [/(<entry[\s\S]*?<\/entry>)/, '$1$1', /^4\.1\.1: two entries/],
    ]
    for (const [from, to, broken] of changes) {
      const changed = good.replace(from, to)
      assert.notEqual(changed, good, `${from}`)
      const found = brokenRules(await read(changed))
      assert.ok(
        found.some((line) => broken.test(line)),
        `${from}: ${found}`,
      )
    }
    await assert.rejects(read(good.replace('</feed>', '')))
  })
})
