import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { extract } from '@extractus/oembed-extractor'
import { useHarness } from '../support/harness.ts'

const SITE = 'http://petitions.test'

describe('a public oEmbed consumer', () => {
  const harness = useHarness()

  it('finds ours by the petition’s page alone', async () => {
    const asked: string[] = []
    const fetcher = (address: string) => {
      asked.push(address)
      return fetch(address.replace(SITE, harness.origin))
    }
    const room = { maxwidth: 500, maxheight: 350 }
    const found = await extract(`${SITE}/az/p/cop29-baku`, room, fetcher as typeof fetch)
    assert.equal(asked.length, 2)
    assert.equal(found.type, 'rich')
    assert.equal(found.version, '1.0')
    const { html, width } = found as unknown as { html: string; width: number }
    assert.match(
      html,
      /<iframe src="http:\/\/petitions\.test\/embed\/cop29-baku\?lang=az&amp;kind=counter/,
    )
    assert.equal(width, 500)
  })
})
