import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import Fastify from 'fastify'
import { buildApp } from '../../src/app.ts'
import { readBreakdown } from '../../src/count/read-counts.ts'
import { viewPetition } from '../../src/pages/petition/view-petition.ts'
import { CHANNELS } from '../../src/petition/files/share-fields.ts'
import { createAnswerCache } from '../../src/platform/web/answer-cache.ts'
import { addTemplates } from '../../src/platform/web/handlebars.ts'
import { attributionQuery } from '../../src/sharing/attribution.ts'
import { createPartnerLink } from '../../src/sharing/partner-links.ts'
import { newPartnerCode } from '../../src/sharing/share-code.ts'
import { createSharing } from '../../src/sharing/sharing.ts'
import { getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get, sign, signAndConfirm, signaturesUntilShown } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

describe('passing it on', () => {
  const harness = useHarness()

  const codeIn = (thanks: string) => new URL(thanks, 'http://x').searchParams.get('s')!
  const petition = async () => await getDemo(harness)
  async function sources() {
    const rows = await readBreakdown(harness.site.db, (await petition()).id, 'source')
    return Object.fromEntries(rows.map(({ key, signatures }) => [key, signatures]))
  }
  const partner = async (name: string) => {
    const { db, clock } = harness.site
    return (await createPartnerLink(db, { clock, by: TESTER }, await petition(), name)).code
  }

  it('a partner’s name that was pasted with what nobody sees is the partner’s name', async () => {
    assert.equal(await partner('\u2068Seen\u200b Partner\u2069'), await partner('Seen Partner'))
    await assert.rejects(partner('Seen \u202ePartner'), /type the name instead of pasting it/)
  })

  it('made-up sources and codes keep nobody from the page that everyone reads', async () => {
    const answers = createAnswerCache(600_000)
    const app = await buildApp({ ...harness.site, answers })
    try {
      const page = async (query = '') => (await app.inject(`/en/p/cop29-baku${query}`)).body
      const before = await page()
      const first = await page('?source=x0')
      for (let nth = 1; nth <= 101; nth++) await page(`?${nth % 2 ? 'ref' : 'source'}=x${nth}`)
      await signAndConfirm(harness, { email: 'counted@example.org' })
      assert.equal(await page(), before, 'it is the one that was kept')
      assert.equal(await page('?junk=1'), before)
      assert.equal(await page('?source=x0'), first)
      assert.equal(
        await page('?source=x1'),
        first.replaceAll('x0', 'x1'),
        'no page was made for it',
      )
    } finally {
      await app.close()
    }
  })

  it('what a link carries is in the page as if the page had been made for it alone', async () => {
    const app = Fastify()
    await addTemplates(app)
    const demo = await petition()
    for (const attribution of [
      { ref: '', source: '' },
      { ref: 'abc-DEF_9', source: '' },
      { ref: '', source: 'telegram' },
      { ref: 'x', source: 'x' },
      { ref: 'z'.repeat(32), source: '-'.repeat(32) },
    ]) {
      for (const version of [undefined, 1]) {
        const view = { language: 'az', attribution, version }
        const page = await viewPetition(harness.site, demo, view)
        const query = attributionQuery(attribution).replace('?', '&')
        const path = `/az/p/cop29-baku${version ? '/versions/1' : ''}?utm_medium=y${query}`
        const sent = await (await get(harness, path)).text()
        assert.equal(sent, await app.view('petition/petition.hbs', page!), path)
      }
    }
    const escaped = '%22%3E%3Cb%3E'
    for (const query of [`ref=${escaped}`, `ref=a${escaped}b&source=&ref=c`, 'source=a+b', 'ref'])
      assert.equal(
        await (await get(harness, `/az/p/cop29-baku?${query}`)).text(),
        await (await get(harness, '/az/p/cop29-baku')).text(),
        query,
      )
    await app.close()
  })

  it('a friend who signs through a personal link is credited, without a cookie', async () => {
    const thanks = await signAndConfirm(harness, { email: 'first@example.org' })
    const code = codeIn(thanks)
    const redirect = await get(harness, `/s/${code}`, { 'accept-language': 'az' })
    assert.equal(redirect.status, 302)
    const page = await get(harness, redirect.headers.get('location')!)
    assert.equal(page.headers.get('set-cookie'), null)
    const html = await page.text()
    assert.match(html, /<html lang="az"/)
    assert.match(html, new RegExp(`name="ref" value="${code}"`))

    const enough = await signaturesUntilShown(harness, code)
    const brought = async () => (await get(harness, thanks)).text()
    for (let nth = 1; nth < enough; nth++) {
      await signAndConfirm(harness, { email: `friend${nth}@example.org`, ref: code }, 'az')
    }
    await harness.sequence()
    // Few would tell the maker of the link which of them has signed, and left.
    assert.doesNotMatch(await brought(), /signed through your link\./)
    await signAndConfirm(harness, { email: `friend${enough}@example.org`, ref: code }, 'az')
    await harness.sequence()
    assert.match(await brought(), /At least 5 people have signed through your link/)
    assert.equal((await sources()).personal, enough)
  })

  it('the credit survives a change of language and a form with errors', async () => {
    const code = codeIn(await signAndConfirm(harness, { email: 'second@example.org' }))
    const english = await (await get(harness, `/en/p/cop29-baku?ref=${code}&source=chat`)).text()
    const russian = /href="(\/ru\/p\/cop29-baku[^"]*)"/.exec(english)![1]!.replaceAll('&amp;', '&')
    assert.match(
      await (await get(harness, russian.replaceAll('&#x3D;', '='))).text(),
      new RegExp(code),
    )
    const failed = await sign(harness, { email: 'wrong', ref: code, source: 'chat' }, 'ru')
    const html = await failed.text()
    assert.match(html, new RegExp(`name="ref" value="${code}"`))
    assert.match(html, /name="source" value="chat"/)
  })

  it('a partner’s link credits the partner, under one code however often it is asked for', async () => {
    const code = await partner('Charter97')
    assert.equal(await partner('  Charter97 '), code)
    assert.equal((await get(harness, `/s/${code}`)).status, 302)
    await signAndConfirm(harness, { email: 'via-partner@example.org', ref: code })
    assert.equal((await sources())[`partner:${code}`], 1)
  })

  it('a source in the address is counted as such', async () => {
    await signAndConfirm(harness, { email: 'via-telegram@example.org', source: 'telegram' })
    assert.equal((await sources()).telegram, 1)
  })

  it('utm_source is understood as the source where the link names none; the rest of its kind is not kept', async () => {
    const page = async (query: string) => (await get(harness, `/en/p/cop29-baku?${query}`)).text()
    const others = 'utm_medium=mail&utm_campaign=spring'
    const letter = await page(`utm_source=Letter_3&${others}`)
    assert.match(letter, /name="source" value="Letter_3"/)
    assert.doesNotMatch(letter, /utm_|spring/)
    assert.match(await page('source=own&utm_source=theirs'), /name="source" value="own"/)
    assert.match(await page('source=%22%3E&utm_source=theirs'), /name="source" value="theirs"/)
    const slashed = await get(harness, `/en/p/cop29-baku/?utm_source=letter&${others}`)
    assert.equal(slashed.headers.get('location'), '/en/p/cop29-baku?utm_source=letter')
    const code = await partner('By utm')
    for (const path of [`/s/${code}`, `/en/s/${code}`, '/p/cop29-baku']) {
      const to = (await get(harness, `${path}?utm_source=letter&${others}`)).headers.get(
        'location',
      )!
      assert.match(to, /[?&]source=letter$/, path)
    }
  })

  it('utm_source is understood as tools write it, and spelt in the letters of any source', async () => {
    const spelt = {
      'Our+Supporters': 'Our-Supporters',
      'Our%20%2F%20Supporters%21': 'Our-Supporters',
      'chatgpt.com': 'chatgpt-com',
      'm.facebook.com.': 'm-facebook-com',
      'Campa%C3%B1a+Jos%C3%A9': 'Campana-Jose',
      '%E2%80%8Bletter_3': 'letter_3',
      '-letter-': 'letter',
      [`${'x'.repeat(31)}.yz`]: 'x'.repeat(31),
      ['x'.repeat(99)]: 'x'.repeat(32),
      '%22%3E%3Cscript%3E': 'script',
    }
    const page = async (query: string) => (await get(harness, `/en/p/cop29-baku?${query}`)).text()
    for (const [given, source] of Object.entries(spelt))
      assert.match(await page(`utm_source=${given}`), new RegExp(`name="source" value="${source}"`))
    const plain = await page('')
    for (const nothing of [
      '',
      '%2E',
      '-',
      '_',
      '%22%3E',
      '%D0%9F%D0%B8%D1%81%D1%8C%D0%BC%D0%BE',
      'a&utm_source=b',
    ])
      assert.equal(await page(`utm_source=${nothing}`), plain, nothing)
    assert.equal(await page('source=a+b'), plain, 'a link of one’s own is written as it says')
    await signAndConfirm(harness, { email: 'via-utm@example.org', source: 'chatgpt-com' })
    assert.equal((await sources())['chatgpt-com'], 1)
  })

  it('made-up codes credit nobody and cost no signature', async () => {
    const before = (await sources()).direct ?? 0
    for (const [index, ref] of [
      'aaaaaaaaaaaaaaaa',
      'zzzzzzzz',
      '<script>',
      'x'.repeat(99),
    ].entries()) {
      await signAndConfirm(harness, { email: `made-up-${index}@example.org`, ref })
    }
    assert.equal((await sources()).direct, before + 4)
  })

  it('made-up codes by the hundred cost the database a few queries', async () => {
    let queries = 0
    const db = harness.site.db.withPlugin({
      transformQuery: ({ node }) => {
        queries++
        return node
      },
      transformResult: async ({ result }) => result,
    })
    const { resolveCode } = createSharing({ ...harness.site, db })
    const code = await partner('Among many')
    const madeUp = Array.from({ length: 300 }, () => newPartnerCode())
    const found = await Promise.all([...madeUp, code].map(resolveCode))
    assert.deepEqual(found.filter(Boolean), [
      { petitionId: (await petition()).id, code, kind: 'partner' },
    ])
    assert.ok(queries <= 3, `${queries} queries`)
    queries = 0
    for (const other of ['x', 'Abcdefgh', 'abcdefg1', 'a'.repeat(16), '__proto__'])
      assert.equal(await resolveCode(other), null)
    assert.equal(queries, 0)
  })

  it('share links are plain, name their network, and lead to the personal link', async () => {
    const thanks = await signAndConfirm(harness, { email: 'sharer@example.org' })
    const html = await (await get(harness, thanks)).text()
    const decoded = decodeURIComponent(html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='))
    const code = codeIn(thanks)
    for (const network of CHANNELS) {
      assert.ok(decoded.includes(`http://petitions.test/en/s/${code}?source=${network}`), network)
    }
  })

  it('without a code of this site the thanks page shares the plain address', async () => {
    for (const query of ['', '?s=', '?s=aaaaaaaaaaaaaaaa', '?s=%00']) {
      const page = await get(harness, `/en/p/cop29-baku/thanks${query}`)
      assert.equal(page.status, 200)
      assert.match(await page.text(), /http:\/\/petitions\.test\/en\/p\/cop29-baku/)
    }
  })
})
