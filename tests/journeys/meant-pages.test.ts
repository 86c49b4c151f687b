import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { POSTED } from '../fuzz/make-path.ts'
import { useHarness } from '../support/harness.ts'
import { get, signAndConfirm, signAndOpenMail } from '../support/signer.ts'

const PETITION = '/en/p/cop29-baku'
const TAILS = [
  ...['/', '//', ').', ')', '.', ',', ';', ':', '!', "'", '*', '~', ']', '}', '|', '…', '/).'],
  ...['%29', '%22', '%3E', '%C2%BB', '%E2%80%9D', '%E2%80%99', '%20', '%C2%A0', '%0A', '%E2%80%8B'],
  ...['%3Cbr%3E', '%22%3Ehere%3C/a%3E', '&fbclid=abc', '%3Fref=abc', '_', '__', '.html', '%5D(x)'],
]

describe('an address that is nearly right', () => {
  const harness = useHarness()
  let link: string
  let code: string
  before(async () => {
    const thanks = await signAndConfirm(harness, { email: 'first@example.org' })
    code = new URL(thanks, harness.origin).searchParams.get('s')!
    link = await signAndOpenMail(harness, { email: 'second@example.org' })
  })

  async function assertLeads(path: string, to: string) {
    const answer = await get(harness, path)
    assert.ok([301, 302, 303].includes(answer.status), `${answer.status} for ${path}`)
    assert.equal(answer.headers.get('location'), to, path)
    assert.equal(await answer.text(), '')
  }

  it('with what a chat glued to it leads to the page that was meant', async () => {
    const paths = [
      PETITION,
      `${PETITION}/verify`,
      `${PETITION}/versions/1`,
      `${PETITION}/check-your-email`,
      '/p/cop29-baku',
      link,
      '/docs/seizure',
      '/api/docs',
    ]
    for (const path of paths) for (const tail of TAILS) await assertLeads(`${path}${tail}`, path)
  })

  it('of a short link leads to the petition, mostly without a step between', async () => {
    let steps = 0
    for (const path of [`/s/${code}`, `/az/s/${code}`]) {
      for (const tail of TAILS) {
        let to = `${path}${tail}`
        for (let step = 0; step < 2 && !to.includes('/p/'); step++, steps++) {
          to = (await get(harness, to)).headers.get('location') ?? ''
        }
        assert.match(
          to,
          new RegExp(`^/(?:en|az)${'/p/cop29-baku'}\\?ref=${code}$`),
          `${path}${tail}`,
        )
      }
    }
    assert.ok(steps < 3 * TAILS.length, `${steps} steps`)
  })

  it('of the site or of a language does, too', async () => {
    for (const [given, to] of [
      ['/en', '/en/'],
      ['/be', '/be/'],
      ['/en).', '/en/'],
      ['/en//', '/en/'],
      ['/).', '/'],
      ['/%C2%BB', '/'],
    ] as const) {
      await assertLeads(given, to)
    }
  })

  it('keeps its query, and what was glued to that costs nobody the credit', async () => {
    await assertLeads(`${PETITION}/?ref=${code}&source=chat`, `${PETITION}?ref=${code}&source=chat`)
    const html = await (await get(harness, `${PETITION}?source=chat&ref=${code}).`)).text()
    assert.match(html, new RegExp(`name="ref" value="${code}"`))
    const thanks = await (await get(harness, `${PETITION}/thanks?s=${code}».`)).text()
    assert.match(thanks, new RegExp(`/en/s/${code}`))
  })

  it('of a form’s action leads to its page, wherever a form is posted', async () => {
    const token = link.split('/').at(-1)!
    for (const pattern of POSTED) {
      const filled = pattern.replace(':lang', 'en').replace(':slug', 'cop29-baku')
      const path = filled.replace(':token', token)
      const { status } = await get(harness, path)
      // A link of another purpose is none here, of what is reported there is no such kind, and nobody is asked.
      if (!/withdraw\/|unsubscribe|imported|preview|report|write/.test(path))
        assert.notEqual(status, 404, path)
    }
    await assertLeads(`${PETITION}/signatures`, PETITION)
    await assertLeads('/ru/p/cop29-baku/signatures/', '/ru/p/cop29-baku/signatures')
    assert.equal((await get(harness, '/en/p/nothing/signatures')).status, 404)
  })

  it('is 404 where nothing is there without it, either', async () => {
    for (const path of [
      '/en/p/nothing).',
      '/xx',
      '/xx/',
      '/%20/',
      '/en/nothing/',
      `${PETITION}/versions/9.`,
      '/s/aaaaaaaaaaaaaaaa.',
      `${link}x).`,
      '/en/../../etc/passwd',
      '//evil.example/',
      '//evil.example).',
      '/%2F%2Fevil.example/',
      '/\\evil.example/',
      '/api/v1/petitions/',
      '/api/v1/petitions).',
      '/log/checkpoint/',
    ]) {
      const answer = await get(harness, path)
      assert.equal(answer.status, 404, path)
      assert.equal(answer.headers.get('location'), null)
      assert.ok((await answer.text()).length > 0)
    }
  })

  it('leads nowhere when something is posted to it', async () => {
    for (const path of ['/en', `${PETITION}/signatures/`, `${PETITION}).`]) {
      const answer = await fetch(`${harness.origin}${path}`, { method: 'POST', redirect: 'manual' })
      assert.ok([404, 415].includes(answer.status), `${answer.status} for ${path}`)
    }
  })

  it('costs one look at the page, not a search', async () => {
    for (const path of ['/en/p/nothing/at/all).', '/en/p/nothing_*', '/be/p/none/', `${link}x»`]) {
      harness.logged.length = 0
      assert.equal((await get(harness, path)).status, 404)
      const lines = harness.logged.filter((line) => line.includes('request completed'))
      assert.equal(lines.length, 1, path)
      assert.match(lines[0]!, /"method":"GET"/)
    }
  })

  it('counts as one request in the metrics, found or not', async () => {
    const count = async () => {
      const text = await (await get(harness, '/metrics')).text()
      const counts = text.matchAll(/^http_request_duration_seconds_count\{(.*)\} (\d+)$/gm)
      return new Map([...counts].map(([, labels, number]) => [labels!, Number(number)]))
    }
    const before = await count()
    for (const path of [`${PETITION}).`, '/en/p/nowhere).', '/ru/p/cop29-baku_*', '/en).']) {
      await get(harness, path)
    }
    const after = await count()
    assert.ok(![...after.keys()].some((labels) => labels.includes('method="HEAD"')))
    const sum = (counts: Map<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0)
    // The four, and the first look at the metrics.
    assert.equal(sum(after) - sum(before), 5)
  })
})
