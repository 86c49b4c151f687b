import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPosters } from '../../src/delivery/posters.ts'
import type { Petition } from '../../src/petition/petition.ts'
import { DEMO, getDemo, STORY_LANGUAGES } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'
import { until } from '../support/until.ts'

const KINDS = ['poster', 'tear-off'] as const
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)!.length

describe('a poster', () => {
  const harness = useHarness()
  const read = async (path: string) => {
    // Who comes before it is written, on a busy machine, is told to come again.
    const answer = await until(async () => {
      const got = await get(harness, path)
      return got.status !== 503 && got
    })
    return { answer, bytes: Buffer.from(await answer.arrayBuffer()) }
  }
  const unlessBusy = <T>(ask: () => Promise<T>) =>
    until(async () => {
      const outcome = await ask()
      return outcome !== 'busy' && outcome
    })

  it('is linked where people pass a petition on, and there in every language, as one page', async () => {
    const seen = new Set<string>()
    for (const language of STORY_LANGUAGES) {
      const { bytes: page } = await read(`/${language}/p/${DEMO}/thanks`)
      for (const kind of KINDS) {
        const path = `/${language}/p/${DEMO}/${kind}.pdf`
        assert.ok(page.includes(`href="${path}" download`), path)
        const { answer, bytes } = await read(path)
        assert.equal(answer.status, 200)
        assert.equal(answer.headers.get('content-type'), 'application/pdf')
        assert.equal(answer.headers.get('content-language'), language)
        assert.match(answer.headers.get('cache-control')!, /^public, max-age=600/)
        assert.equal(pagesOf(bytes), 1, path)
        seen.add(bytes.toString('latin1'))
        const tag = { 'if-none-match': answer.headers.get('etag')! }
        assert.equal((await fetch(`${harness.origin}${path}`, { headers: tag })).status, 304)
      }
    }
    assert.equal(seen.size, 2 * STORY_LANGUAGES.length)
  })

  it('is that of a page which is there: none of another language, petition, draft or hidden text', async () => {
    for (const path of [
      `/ka/p/${DEMO}/poster.pdf`,
      '/en/p/nobody/poster.pdf',
      `/p/${DEMO}/poster.pdf`,
    ])
      assert.equal((await read(path)).answer.status, 404, path)
    await harness.site.publishing.hide(DEMO, TESTER)
    for (const kind of KINDS)
      assert.equal((await read(`/en/p/${DEMO}/${kind}.pdf`)).answer.status, 410)
    await harness.site.publishing.show(DEMO, TESTER)
    assert.equal((await read(`/en/p/${DEMO}/poster.pdf`)).answer.status, 200)
  })

  it('is written once, whoever asks, and holds up nobody else', async () => {
    const petition = await getDemo(harness)
    const poster = createPosters(harness.site)
    const wanted = { kind: 'poster', language: 'en', site: 'https://one.example' } as const
    const all = Array.from({ length: 200 }, () => unlessBusy(() => poster(petition, wanted)))
    const before = performance.eventLoopUtilization()
    const [first, ...others] = await Promise.all(all)
    const { active, idle } = performance.eventLoopUtilization(before)
    assert.ok(first instanceof Buffer && others.every((pdf) => pdf === first))
    assert.ok(active < idle, `the loop was busy for ${active} ms, and free for ${idle} ms`)
    const mirror = await unlessBusy(() =>
      poster(petition, { ...wanted, site: 'http://mirror.onion' }),
    )
    assert.ok(mirror instanceof Buffer && !mirror.equals(first), 'of its own address')
    // Sixty that differ: not all can wait, and none is told of another.
    const many = Array.from({ length: 60 }, (_, nth) =>
      poster(petition, { ...wanted, site: `https://m${nth}.example` }),
    )
    const outcomes = await Promise.all(many)
    assert.ok(outcomes.filter((outcome) => outcome === 'busy').length >= 40)
    const one = () => poster(petition, { ...wanted, site: 'https://m0.example' })
    assert.ok((await unlessBusy(one)) instanceof Buffer, 'those that wait are written')
  })

  it('is none where no font has its letters', async () => {
    const petition = await getDemo(harness)
    const [row] = petition.texts.get('en')!
    const content = { ...row!.content, slogan: 'שלום' }
    const odd: Petition = { ...petition, texts: new Map([['en', [{ ...row!, content }]]]) }
    const poster = createPosters(harness.site)
    const wanted = { kind: 'poster', language: 'en', site: 'https://one.example' } as const
    assert.equal(await unlessBusy(() => poster(odd, wanted)), 'none')
    assert.equal(await poster(odd, wanted), 'none')
  })
})
