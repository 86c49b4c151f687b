import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readBreakdown } from '../../src/count/read-counts.ts'
import { languages, translator } from '../../src/platform/i18n/translate.ts'
import { getDemo } from '../support/demo.ts'
import { type Harness, useHarness } from '../support/harness.ts'
import { confirm, counted, form, get, mailedPath, post } from '../support/signer.ts'
import { runSql } from '../support/test-database.ts'
import { TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'

const FRAME = '/embed/cop29-baku'
const OWN = { 'sec-fetch-site': 'same-origin' }
const HERALD = 'https://herald.example'
/** Everything that the host's page loads before the reader touches the form. */
const MOST_BYTES = 15_000

const ancestorsOf = (answer: Response) =>
  /frame-ancestors ([^;]+)/.exec(answer.headers.get('content-security-policy')!)?.[1]

const plain = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')

async function actionOf(harness: Harness, query = 'lang=en'): Promise<string> {
  const html = await (await get(harness, `${FRAME}?${query}`)).text()
  return plain(/ action="([^"]+)"/.exec(html)![1]!)
}

/** As if petition.yaml named these sites. */
async function letHold(harness: Harness, origins: string[] | null) {
  const settings = origins
    ? `jsonb_set(settings, '{embed}', '${JSON.stringify(origins)}')`
    : `settings - 'embed'`
  await runSql(harness.databaseUrl, `update petition set settings = ${settings}`)
  const isKnown = async () => {
    const { embed = null } = (await getDemo(harness)).settings
    return JSON.stringify(embed) === JSON.stringify(origins)
  }
  await until(isKnown, { everyMs: 50, complaint: 'the settings stayed' })
  // Answers are kept for moments.
  await new Promise((resolve) => setTimeout(resolve, 300))
}

describe('a petition in another site’s frame', () => {
  const harness = useHarness()

  it('is signed by the same rules, and credited to the partner', async () => {
    const petition = await getDemo(harness)
    const { code } = await harness.site.sharing.createPartnerLink(petition, 'Herald', TESTER)
    const action = await actionOf(harness, `lang=en&ref=${code}`)
    const empty = await post(harness, action, { ref: code }, OWN)
    assert.equal(empty.status, 422)
    assert.equal(ancestorsOf(empty), '*')
    assert.match(await empty.text(), /id="error-name"/)
    const comment = 'See https://www.example.org/report'
    const fields = form({ email: 'in-a-frame@example.org', ref: code, source: '', comment })
    const sent = await post(harness, action, fields, OWN)
    assert.equal(sent.status, 303)
    const told = await get(harness, sent.headers.get('location')!)
    assert.match(await told.text(), / data-signed>/)
    await harness.work()
    const link = mailedPath(harness, fields.email!, 'confirm')
    assert.equal((await confirm(harness, link)).status, 303)
    await harness.tally()
    assert.equal(await counted(harness), 1)
    const rows = await readBreakdown(harness.site.db, petition.id, 'source')
    assert.deepEqual(rows, [{ key: `partner:${code}`, signatures: 1 }])
  })

  it('without a partner is a source of its own', async () => {
    const html = await (await get(harness, `${FRAME}?lang=en`)).text()
    assert.match(html, /name="source" value="embed"/)
    const other = await (await get(harness, `${FRAME}?lang=en&source=news`)).text()
    assert.match(other, /name="source" value="news"/)
  })

  it('keeps what was typed, in another language, and refuses the same things', async () => {
    const typed = { ...form({ name: 'Əli Şıxəliyev' }), consent: '' }
    const shown = await post(harness, `${FRAME}?lang=az`, typed, OWN)
    assert.equal(shown.status, 200)
    const html = await shown.text()
    assert.match(html, /<html lang="az"/)
    assert.match(html, /value="Əli Şıxəliyev"/)
    const trapped = await post(
      harness,
      await actionOf(harness),
      form({ subject: 'buy', email: 'robot@example.org' }),
      OWN,
    )
    assert.equal(trapped.status, 422)
  })

  it('takes a form from its own page alone, whoever holds the frame', async () => {
    const action = await actionOf(harness)
    for (const [headers, status] of [
      [OWN, 303],
      [{ 'sec-fetch-site': 'cross-site', origin: HERALD }, 403],
      [{ 'sec-fetch-site': 'same-site' }, 403],
      // A frame in a sandbox without an origin.
      [{ 'sec-fetch-site': 'cross-site', origin: 'null' }, 403],
      [{ origin: HERALD }, 403],
    ] as const) {
      const answer = await post(harness, action, form({ email: 'forged@example.org' }), headers)
      assert.equal(answer.status, status, JSON.stringify(headers))
      if (status === 403) assert.match(await answer.text(), /formtarget="_blank"/)
    }
  })

  it('stands in frames of the sites that petition.yaml names', async () => {
    await letHold(harness, [HERALD, 'https://*.paper.example'])
    const list = `${HERALD} https://*.paper.example`
    const frame = await get(harness, `${FRAME}?lang=en`)
    assert.equal(ancestorsOf(frame), list)
    assert.equal(frame.headers.get('x-frame-options'), null)
    assert.equal(ancestorsOf(await post(harness, await actionOf(harness), {}, OWN)), list)
    for (const kind of ['counter', 'button']) {
      assert.equal(ancestorsOf(await get(harness, `${FRAME}?lang=en&kind=${kind}`)), '*')
    }
    for (const path of ['/en/p/cop29-baku', '/en/p/cop29-baku/check-your-email', '/en/', FRAME]) {
      const { status, headers } = await get(harness, `${path}/nowhere`)
      assert.equal(status, 404)
      assert.equal(headers.get('x-frame-options'), 'DENY', path)
    }
    await letHold(harness, null)
    const button = await get(harness, `${FRAME}?lang=en`)
    assert.equal(ancestorsOf(button), '*')
    const html = await button.text()
    assert.doesNotMatch(html, /<form|<input/)
    assert.match(
      html,
      /<a class="button" href="\/en\/p\/cop29-baku\?source&#x3D;embed" target="_blank"/,
    )
    const refused = await post(harness, `${FRAME}/signatures?lang=en`, form(), OWN)
    assert.equal(refused.status, 403)
    await letHold(harness, ['anywhere'])
  })

  it('says in a frame that there is no such petition, in the reader’s language', async () => {
    for (const kind of ['form', 'counter']) {
      const answer = await get(harness, `/embed/cop29-bakou?kind=${kind}`, {
        'accept-language': 'de',
      })
      assert.equal(answer.status, 404)
      assert.equal(ancestorsOf(answer), '*')
      assert.equal(answer.headers.get('cache-control'), 'private, no-store')
      const html = await answer.text()
      assert.match(html, /<html lang="de"/)
      assert.match(html, / data-unknown>/)
      assert.ok(html.includes(translator('de')('embed.unknown')))
    }
    await runSql(harness.databaseUrl, 'update petition set hidden_at = now()')
    const isHidden = async () => (await get(harness, `${FRAME}?lang=en`)).status === 410
    await until(isHidden, { everyMs: 50, complaint: 'it is still shown' })
    const hidden = await get(harness, `${FRAME}?lang=en`)
    assert.equal(ancestorsOf(hidden), '*')
    assert.ok((await hidden.text()).includes(translator('en')('problem.hidden.heading')))
    await runSql(harness.databaseUrl, 'update petition set hidden_at = null')
    await until(async () => !(await isHidden()), {
      everyMs: 50,
      complaint: 'it stayed hidden',
    })
  })

  it('says why there is no form once it is closed', async () => {
    const action = await actionOf(harness)
    await runSql(harness.databaseUrl, `update petition set closed_at = '2024-02-20'`)
    await until(async () => (await getDemo(harness)).closedByHand, {
      everyMs: 50,
      complaint: 'it stayed open',
    })
    const late = await post(harness, action, form(), OWN)
    assert.equal(late.status, 410)
    const html = await late.text()
    assert.doesNotMatch(html, /<form/)
    await runSql(harness.databaseUrl, 'update petition set closed_at = null')
    await until(async () => !(await getDemo(harness)).closedByHand, {
      everyMs: 50,
      complaint: 'it stayed closed',
    })
  })
})

describe('a petition in all languages', () => {
  const harness = useHarness({}, { languages })

  it('is less than 15 kB, compressed, with all that the host’s page loads', async () => {
    for (const language of languages) {
      for (const encoding of ['gzip', 'br']) {
        const html = await (await get(harness, `${FRAME}?lang=${language}`)).text()
        const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:css|js))"/g)]
        assert.equal(files.length, 3)
        const page = `${FRAME}?kind=form&lang=${language}&ref=abcdefgh&theme=light&paper=clear`
        const paths = ['/embed.js', page, ...files.map(([, path]) => path!)]
        let sum = 0
        for (const path of paths) {
          const answer = await get(harness, path, { 'accept-encoding': encoding })
          assert.equal(answer.headers.get('content-encoding') ?? encoding, encoding, path)
          sum += Number(answer.headers.get('content-length'))
        }
        assert.ok(sum < MOST_BYTES, `${sum} bytes in ${language} by ${encoding}`)
      }
    }
  })
})
