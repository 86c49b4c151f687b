import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { default as decode } from 'jsqr'
import sharp from 'sharp'
import { qrPng, qrSvg } from '../../src/platform/qr.ts'
import { DEMO, getDemo } from '../support/demo.ts'
import { useHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { TESTER } from '../support/tester.ts'

/** Its types say ES module, but it is none. */
const jsQR = decode as unknown as typeof decode.default

/** What a phone's camera reads from a picture. */
async function read(picture: Buffer): Promise<string | undefined> {
  const { data, info } = await sharp(picture, { density: 400 })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data
}

describe('the QR code of a petition', () => {
  const harness = useHarness()
  const fetchQr = async (file: string, query = '') => {
    const answer = await get(harness, `/p/${DEMO}/${file}${query}`)
    assert.equal(answer.status, 200, query)
    return answer
  }
  const bytes = async (file: string, query = '') =>
    Buffer.from(await (await fetchQr(file, query)).arrayBuffer())

  it('leads to the petition in the language asked for, and names its source, as SVG and as PNG', async () => {
    for (const [query, path] of [
      ['', `/p/${DEMO}`],
      ['?lang=az', `/az/p/${DEMO}`],
      ['?lang=xx', `/p/${DEMO}`],
      ['?lang=be&ref=nobody%27s', `/be/p/${DEMO}`],
    ] as const) {
      const address = `http://petitions.test${path}?source=qr`
      assert.equal(await read(await bytes('qr.svg', query)), address, `SVG ${query}`)
      assert.equal(await read(await bytes('qr.png', query)), address, `PNG ${query}`)
    }
    const own = `http://petitions.test/ru/p/${DEMO}?source=flyer`
    assert.equal(await read(await bytes('qr.png', '?lang=ru&source=flyer')), own)
  })

  it('credits a partner of this petition, and nobody that was made up', async () => {
    const { code } = await harness.site.sharing.createPartnerLink(
      await getDemo(harness),
      'Printed',
      TESTER,
    )
    const credited = `http://petitions.test/en/s/${code}?source=qr`
    assert.equal(await read(await bytes('qr.svg', `?lang=en&ref=${code}`)), credited)
    assert.equal(await read(await bytes('qr.svg', `?ref=${code}`)), credited.replace('/en/', '/'))
    const plain = `http://petitions.test/en/p/${DEMO}?source=qr`
    assert.equal(await read(await bytes('qr.svg', '?lang=en&ref=abcdefgh')), plain)
  })

  it('is a picture that caches may keep, and nothing else', async () => {
    const svg = await fetchQr('qr.svg')
    assert.equal(svg.headers.get('content-type'), 'image/svg+xml; charset=utf-8')
    assert.match(svg.headers.get('cache-control')!, /public, max-age=3600/)
    assert.doesNotMatch(await svg.text(), /script|href|style/)
    const png = await fetchQr('qr.png')
    assert.equal(png.headers.get('content-type'), 'image/png')
    assert.ok((await bytes('qr.png')).length < 10_000)
    assert.equal((await get(harness, '/p/nothing/qr.svg')).status, 404)
  })

  it('costs little more as PNG than as SVG: anybody can ask for any number', async () => {
    // Of all threads.
    const cost = async (make: (value: string) => unknown) => {
      const before = process.cpuUsage()
      for (let nth = 0; nth < 30; nth++) await make(`https://petitions.test/p/x?source=${nth}`)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    for (const make of [qrSvg, qrPng]) await cost(make)
    const [svg, png] = [await cost(qrSvg), await cost(qrPng)]
    assert.ok(png < 6 * svg, `${png} and ${svg} microseconds`)
  })
})
