import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import Fastify, { type FastifyInstance } from 'fastify'
import { createClientAddress } from '../../src/platform/web/client-address.ts'

const VISITOR = '203.0.113.9'
const FORGED = '192.0.2.1'
const CDN = '198.51.100.20'
const HEADER = 'cf-connecting-ip'

describe('the address of a visitor behind a CDN', () => {
  const apps: FastifyInstance[] = []
  after(() => Promise.all(apps.map((app) => app.close())))

  /** @returns asks as somebody at an address of this machine, with these headers in this order */
  async function site(trustProxy: boolean | string) {
    const app = Fastify({ trustProxy })
    const clientAddress = createClientAddress({ trustProxy, clientAddressHeader: HEADER })
    app.get('/', async (asked) => clientAddress(asked))
    await app.listen({ port: 0, host: '127.0.0.1' })
    apps.push(app)
    const { port } = app.server.address() as AddressInfo
    return async (headers: [string, string][], localAddress = '127.0.0.1') => {
      const asking = request({
        host: '127.0.0.1',
        port,
        localAddress,
        headers: ['host', 'sign.test', ...headers.flat()],
      }).end()
      const [answer] = await once(asking, 'response')
      return text(answer)
    }
  }
  const named = (address: string): [string, string] => [HEADER, address]
  const passed = (...addresses: string[]): [string, string] => [
    'X-Forwarded-For',
    addresses.join(', '),
  ]

  it('is what its header names, where the CDN connects to us, or to our proxy', async () => {
    const ask = await site(`loopback,${CDN}/24`)
    assert.equal(await ask([named(VISITOR)]), VISITOR)
    assert.equal(await ask([named('2001:db8::7'), passed(CDN)]), '2001:db8::7')
    assert.equal(await ask([named(VISITOR), passed(FORGED, CDN)]), VISITOR)
    assert.equal(await ask([named(VISITOR), passed(CDN, '10.0.0.3')]), '10.0.0.3')
    const wider = await site(`loopback,uniquelocal,${CDN}/24`)
    assert.equal(await wider([named(VISITOR), passed(FORGED, CDN, '10.0.0.3')]), VISITOR)
  })

  it('is no word of somebody who goes past the CDN', async () => {
    const ask = await site(`loopback,${CDN}/24`)
    assert.equal(await ask([named(FORGED), passed(VISITOR)]), VISITOR)
    assert.equal(await ask([named(FORGED), passed(CDN, VISITOR)]), VISITOR)
    assert.equal(await ask([named(FORGED), passed('unknown')]), 'unknown')
    const narrow = await site('127.0.0.1')
    assert.equal(await narrow([named(FORGED)], '127.0.0.2'), '127.0.0.2')
    assert.equal(await narrow([named(FORGED), passed(CDN)], '127.0.0.2'), '127.0.0.2')
  })

  it('is what TRUST_PROXY alone gives where the header is not one address', async () => {
    const ask = await site(`loopback,${CDN}/24`)
    const odd = [
      `${VISITOR}, ${FORGED}`,
      `${VISITOR}:443`,
      'fe80::1%eth0',
      'unknown',
      '',
      '1.2.3',
      '999.1.1.1',
      '0x7f.1',
      `[2001:db8::1]`,
    ]
    for (const value of odd) {
      assert.equal(await ask([named(value), passed(VISITOR, CDN)]), VISITOR, value)
    }
    assert.equal(await ask([named(FORGED), named(FORGED), passed(VISITOR, CDN)]), VISITOR)
    assert.equal(await ask([passed(VISITOR, CDN)]), VISITOR)
  })

  it('is nobody’s word where no proxy is believed, everybody’s where all are', async () => {
    assert.equal(await (await site(false))([named(FORGED)]), '127.0.0.1')
    assert.equal(await (await site(true))([named(VISITOR), passed(CDN)]), VISITOR)
  })
})
