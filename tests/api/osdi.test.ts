import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DEMO } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get, signAndConfirm } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

interface Hal {
  [field: string]: unknown
  _links: Record<string, { href: string }> & { curies?: { name: string }[] }
}

describe('a program that speaks OSDI', () => {
  const harness = useHarness()
  const read = async (url: string) => {
    const answer = await get(harness, url.replace('http://petitions.test', ''))
    assert.equal(answer.status, 200, url)
    assert.match(answer.headers.get('content-type')!, /^application\/hal\+json(?:;|$)/)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    return (await answer.json()) as Hal
  }

  it('finds petitions and their counts from the entry point, by links alone', async () => {
    for (const name of ['anna', 'boris']) {
      await signAndConfirm(harness, { email: `${name}@example.org` })
    }
    await harness.tally()
    const entry = await read('/api/osdi/v1/')
    assert.match(entry.motd as string, /no people and no signatures/)
    assert.equal(entry.max_pagesize, 25)
    assert.deepEqual(
      entry._links.curies!.map(({ name }) => name),
      ['osdi', 'undersigned'],
    )
    const list = await read(entry._links['osdi:petitions']!.href)
    assert.deepEqual(
      [list.total_pages, list.per_page, list.page, list.total_records],
      [1, 25, 1, 1],
    )
    const [embedded] = (list._embedded as Record<string, Hal[]>)['osdi:petitions']!
    const petition = await read(embedded!._links.self!.href)
    assert.deepEqual([petition.name, petition.total_signatures], [DEMO, 2])
    assert.deepEqual(petition.identifiers, [`undersigned:${DEMO}`])
    const { curies: _, ...links } = petition._links
    assert.deepEqual({ ...petition, _links: links }, embedded)
    assert.match((await read(`${embedded!._links.self!.href}?lang=ru`)).title as string, /[а-я]/)
    const counts = await get(
      harness,
      petition._links['undersigned:counts']!.href.replace('http://petitions.test', ''),
    )
    assert.equal(((await counts.json()) as { counted: number }).counted, 2)
  })

  it('finds no person and no signature anywhere', async () => {
    const bodies = await Promise.all(
      ['', 'petitions', `petitions/${DEMO}`].map((path) => read(`/api/osdi/v1/${path}`)),
    )
    for (const body of bodies) {
      assert.doesNotMatch(JSON.stringify(body), /anna|boris|osdi:(?:people|person|signatures)/)
    }
    for (const path of ['people', 'signatures', `petitions/${DEMO}/signatures`]) {
      assert.equal((await get(harness, `/api/osdi/v1/${path}`)).status, 404, path)
    }
  })

  it('turns pages that are there, and is told of wrong ones', async () => {
    const second = await read('/api/osdi/v1/petitions?page=2&per_page=1')
    assert.deepEqual((second._embedded as Record<string, Hal[]>)['osdi:petitions'], [])
    assert.equal(second._links.next, undefined)
    assert.match(second._links.previous!.href, /page=1&per_page=1$/)
    for (const query of ['page=0', 'page=x', 'per_page=26', 'per_page=-1', 'page=1.5']) {
      assert.equal((await get(harness, `/api/osdi/v1/petitions?${query}`)).status, 400, query)
    }
  })

  it('sees no petition whose texts are hidden', async () => {
    await harness.site.publishing.hide(DEMO, TESTER)
    assert.equal((await read('/api/osdi/v1/petitions')).total_records, 0)
    assert.equal((await get(harness, `/api/osdi/v1/petitions/${DEMO}`)).status, 410)
  })
})
