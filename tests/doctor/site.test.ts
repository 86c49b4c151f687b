import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { findPlace, type Place } from '../../src/commands/doctor/check-address.ts'
import { checkCertificates } from '../../src/commands/doctor/check-certificate.ts'
import { checkProxy } from '../../src/commands/doctor/check-proxy.ts'
import { checkReadiness, checkRedirect } from '../../src/commands/doctor/check-readiness.ts'
import type { Finding } from '../../src/commands/doctor/finding.ts'
import { DAY, systemClock } from '../../src/platform/clock.ts'
import { deriveKeyring } from '../../src/platform/keyring.ts'
import { SEEN_PATH, sealQuestion } from '../../src/platform/web/seen.routes.ts'
import { type Harness, startHarness } from '../support/harness.ts'
import { get } from '../support/signer.ts'
import { CERTIFICATE } from './certificate.ts'
import { type DnsServer, startDnsServer } from './dns-server.ts'
import { type Front, startTlsFront } from './tls-front.ts'

const { ca } = CERTIFICATE
const asNginx = ({ socket }: IncomingMessage) => ({
  'x-forwarded-for': socket.remoteAddress!,
  'x-forwarded-proto': 'https',
})
const lineOf = (findings: Finding[], about: string) =>
  findings.find((each) => each.about === about)!

describe('the doctor looks at PUBLIC_URL', () => {
  let site: Harness
  let trusting: Harness
  let dns: DnsServer
  const fronts: Front[] = []
  before(async () => {
    site = await startHarness({ PUBLIC_URL: 'https://sign.test', TRUST_PROXY: '127.0.0.1' })
    trusting = await startHarness({ PUBLIC_URL: 'https://sign.test', TRUST_PROXY: 'true' })
    dns = await startDnsServer({
      'sign.test': { A: ['127.0.0.1'] },
      'half.test': { A: ['127.0.0.1', '127.0.0.2'] },
      'broken.test': { fails: true },
    })
  })
  after(async () => {
    await Promise.all(fronts.map((front) => front.close()))
    await Promise.all([site.close(), trusting.close(), dns.close()])
  })

  async function placeBehind(...front: Parameters<typeof startTlsFront>): Promise<Place> {
    const started = await startTlsFront(...front)
    fronts.push(started)
    const { findings, place } = await findPlace(`https://sign.test:${started.port}`, dns.resolver)
    assert.deepEqual(
      findings.map(({ state }) => state),
      ['ok'],
    )
    return place!
  }

  const lookThrough = (place: Place, { site: { config } }: Harness, secret = 7) =>
    checkProxy(place, {
      config: { ...config, publicUrl: `https://sign.test:${place.port}` },
      clock: systemClock,
      keyring: deriveKeyring(Buffer.alloc(32, secret)),
      ca,
    })

  it('and finds a proxy that is set up as the documents say', async () => {
    const place = await placeBehind(site.origin, asNginx)
    const findings = await lookThrough(place, site)
    assert.deepEqual(
      findings.map(({ state, about }) => `${state} ${about}`),
      [
        'ok PUBLIC_URL',
        'ok clock of the proxy',
        'ok X-Forwarded-Proto',
        'ok X-Forwarded-For',
        'ok HSTS',
      ],
    )
    const ready = { publicUrl: `https://sign.test:${place.port}`, metricsToken: null }
    assert.equal((await checkReadiness(place, ready, ca)).state, 'ok')
    assert.equal((await checkCertificates(place, { clock: systemClock, ca }))[0]!.state, 'ok')
  })

  it('and finds a proxy whose headers are missing, not believed or made up by the visitor', async () => {
    const silent = await lookThrough(await placeBehind(site.origin, () => ({})), site)
    assert.equal(lineOf(silent, 'X-Forwarded-Proto').state, 'fault')
    const open = await lookThrough(await placeBehind(trusting.origin, () => ({})), trusting)
    const finding = lineOf(open, 'X-Forwarded-For')
    assert.equal(finding.state, 'fault')
    assert.match(finding.found, /a visitor makes up/)
  })

  it('and finds a CDN’s header that is missing, not believed, or believed of visitors', async () => {
    const header = 'cf-connecting-ip'
    const look = async (trustProxy: string, headers: Parameters<typeof startTlsFront>[1]) => {
      const behind = await startHarness({
        PUBLIC_URL: 'https://sign.test',
        TRUST_PROXY: trustProxy,
        CLIENT_ADDRESS_HEADER: header,
      })
      try {
        const findings = await lookThrough(await placeBehind(behind.origin, headers), behind)
        return lineOf(findings, 'CLIENT_ADDRESS_HEADER')
      } finally {
        await behind.close()
      }
    }
    const cdn = '198.51.100.20'
    const asCdn = (request: Parameters<typeof asNginx>[0]) => ({
      ...asNginx(request),
      'x-forwarded-for': cdn,
      [header]: '203.0.113.9',
    })
    assert.equal((await look(`127.0.0.1,${cdn}`, asCdn)).state, 'ok')
    assert.match((await look('127.0.0.1', asCdn)).found, /not believed/)
    const elsewhere = () => ({ 'x-forwarded-for': '203.0.113.50' })
    assert.match((await look('127.0.0.1', elsewhere)).found, /without/)
    assert.equal((await look('127.0.0.1', asNginx)).state, 'unchecked', 'it is one of the proxies')
    assert.match((await look('true', asNginx)).found, /made it up/)
  })

  it('and finds that the proxy takes a header away', async () => {
    const drop = ['strict-transport-security', 'date']
    const place = await placeBehind(site.origin, asNginx, { drop })
    assert.equal(lineOf(await lookThrough(place, site), 'HSTS').state, 'fault')
  })

  it('and tells METRICS_TOKEN to nobody whose certificate is not trusted', async () => {
    const heard: (string | undefined)[] = []
    const answer = JSON.stringify({ status: 'ready', mail: 'refused', why: 'the login is refused' })
    const impostor = createServer((request, response) => {
      heard.push(request.headers.authorization)
      response.setHeader('content-type', 'application/json').end(answer)
    }).listen(0, '127.0.0.1')
    await once(impostor, 'listening')
    try {
      const { port } = impostor.address() as AddressInfo
      const place = await placeBehind(`http://127.0.0.1:${port}`, asNginx)
      const secret = { publicUrl: `https://sign.test:${place.port}`, metricsToken: 'the-token' }
      assert.equal((await checkReadiness(place, secret)).state, 'fault')
      assert.deepEqual(heard.splice(0), [undefined])
      const bare = { publicUrl: `http://sign.test:${port}`, metricsToken: 'the-token' }
      assert.equal((await checkReadiness(place, bare, ca)).state, 'fault')
      assert.deepEqual(heard.splice(0), [undefined])
      const { remedy } = await checkReadiness(place, secret, ca)
      assert.equal(remedy, 'the login is refused')
      assert.deepEqual(heard, [undefined, 'Bearer the-token'])
    } finally {
      impostor.closeAllConnections()
      impostor.close()
    }
  })

  it('and knows another site from this one', async () => {
    const place = await placeBehind(site.origin, asNginx)
    const [other, ...more] = await lookThrough(place, site, 8)
    assert.equal(other!.state, 'fault')
    assert.match(other!.found, /is not this site/)
    assert.deepEqual(more, [])
  })

  it('whose own answer is for holders of the server key alone', async () => {
    const { examination } = deriveKeyring(Buffer.alloc(32, 8))
    const question = { authorization: sealQuestion(examination, '0'.repeat(32)) }
    assert.equal((await get(site, SEEN_PATH)).status, 404)
    assert.equal((await get(site, SEEN_PATH, question)).status, 404)
  })

  it('for a certificate that browsers take, and will take next week', async () => {
    const place = await placeBehind(site.origin, asNginx)
    const certificate = async (more: object, each = place) =>
      (await checkCertificates(each, { clock: systemClock, ca, ...more }))[0]!
    assert.match((await certificate({ ca: undefined })).found, /browsers refuse it/)
    const named = await certificate({}, { ...place, host: 'other.test' })
    assert.match(named.found, /for another name/)
    const nearItsEnd = { now: () => new Date(Date.UTC(2120, 0, 1) - 5 * DAY) }
    assert.match((await certificate({ clock: nearItsEnd })).found, /ends in 5 days/)
    const plain = { ...place, port: Number(new URL(site.origin).port) }
    assert.match((await certificate({}, plain)).found, /speaks no TLS/)
  })

  it('for each address in the DNS', async () => {
    const front = await startTlsFront(site.origin, asNginx)
    fronts.push(front)
    const half = await findPlace(`https://half.test:${front.port}`, dns.resolver)
    assert.deepEqual(
      half.findings.map(({ state }) => state),
      ['ok', 'fault'],
    )
    assert.match(half.findings[1]!.found, /takes no connection \(ECONNREFUSED\)/)
    assert.deepEqual(half.place!.addresses, ['127.0.0.1'])
    const gone = await findPlace('https://gone.test', dns.resolver)
    assert.match(gone.findings[0]!.found, /gone\.test has no address/)
    await assert.rejects(findPlace('https://broken.test', dns.resolver), { code: 'ESERVFAIL' })
  })

  it('and at the way from http to it', async () => {
    for (const [status, state] of [
      [301, 'ok'],
      [200, 'fault'],
    ] as const) {
      const server = createServer((_, answer) =>
        answer.writeHead(status, { location: 'https://sign.test/' }).end(),
      )
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const place = { host: 'sign.test', port: 443, isHttps: true, addresses: ['127.0.0.1'] }
      assert.equal((await checkRedirect(place, port)).state, state)
      server.closeAllConnections()
      server.close()
    }
  })
})
