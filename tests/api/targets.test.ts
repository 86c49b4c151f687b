import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DAY } from '../../src/platform/clock.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { agreed, TESTER } from '../support/tester.ts'

const PETITION = `/api/v1/petitions/${DEMO}`

interface Told {
  slug: string
  targets: {
    id: string
    state: string
    since: string | null
    stance: string | null
    history: { id: number; kind: string; on: string; stands: boolean; corrects: number | null }[]
  }[]
}

describe('a newsroom reads who is asked, and what they answered', () => {
  const harness = useHarness()
  const told = async () => (await (await get(harness, `${PETITION}/targets`)).json()) as Told
  const targets = () => harness.site.targets
  const texts = { en: 'We share it.', az: 'Razıyıq.', ru: 'Согласны.', be: 'Згодныя.' }

  it('nobody, at first', async () => {
    assert.deepEqual(await told(), { slug: DEMO, targets: [] })
  })

  it('each with its state, and when it is silent', async () => {
    const petition = await getDemo(harness)
    const given = ['de', 'us', 'fr'].map((id) => {
      return { id, country: id.toUpperCase(), office: 'head-of-state' as const }
    })
    await targets().import(petition, given, TESTER)
    await targets().ask(petition, { word: 'de', on: '2024-03-01' }, TESTER)
    await targets().ask(petition, { word: 'us', on: '2024-02-01' }, TESTER)
    const states = (await told()).targets.map(({ id, state, since }) => [id, state, since])
    assert.deepEqual(states, [
      ['de', 'asked', '2024-03-01'],
      ['us', 'silent', '2024-02-01'],
      ['fr', 'unasked', null],
    ])
  })

  it('the answer that stands, and the one before it in the history', async () => {
    const petition = await getDemo(harness)
    const answer = { stance: 'other' as const, on: '2024-03-01', texts, source: null }
    const corrects = await targets().answer(petition, { word: 'de', answer }, TESTER)
    const mended = { ...answer, stance: 'partly' as const }
    await targets().answer(petition, { word: 'de', answer: mended, corrects }, TESTER)
    const [de] = (await told()).targets
    assert.deepEqual([de!.state, de!.since, de!.stance], ['answered', '2024-03-01', 'partly'])
    assert.deepEqual(
      de!.history.map(({ kind, stands, corrects }) => [kind, stands, corrects]),
      [
        ['asked', true, null],
        ['answered', false, null],
        ['answered', true, corrects],
      ],
    )
  })

  it('with a tag that holds until something is noted, and for other sites’ scripts', async () => {
    const answer = await get(harness, `${PETITION}/targets`)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.match(answer.headers.get('cache-control')!, /^public, max-age=1/)
    const headers = { 'if-none-match': answer.headers.get('etag')! }
    harness.clock.move(DAY)
    assert.equal((await get(harness, `${PETITION}/targets`, headers)).status, 304)
    await targets().ask(await getDemo(harness), { word: 'fr', on: '2024-03-01' }, TESTER)
    assert.equal((await get(harness, `${PETITION}/targets`, headers)).status, 200)
  })

  it('not while the texts are hidden', async () => {
    await harness.site.publishing.hide(DEMO, TESTER)
    assert.equal((await get(harness, `${PETITION}/targets`)).status, 410)
    await harness.site.publishing.show(DEMO, TESTER)
  })

  it('and how many signed on paper, apart from the count', async () => {
    async function* scan() {
      yield Buffer.from('a scan')
    }
    const paper = { signatures: 214, place: 'Berlin', collectedOn: '2024-03-01', scan: scan() }
    const petition = await getDemo(harness)
    await harness.site.papers.add(petition, paper, TESTER, agreed)
    const described = (await (await get(harness, PETITION)).json()) as {
      paper: number
      signatures: { counted: number }
    }
    assert.deepEqual([described.paper, described.signatures.counted], [214, 0])
  })
})
