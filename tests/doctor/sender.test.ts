import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { checkDkim, checkDmarc, checkMx, checkSpf } from '../../src/commands/doctor/check-sender.ts'
import { type DnsServer, startDnsServer, type Zone } from './dns-server.ts'

const RSA_2048 =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvmRHfYHBf8UwhIYKHLvNER3FXuKStIsDSLchjCWUHIxXvblNRdART++Z8VIiLGFlUPlGkSgnCgpFTGdZ6fl/lxYW3O0xHdyxEh0/VR0Cl3y0ak3o1j4Jf6MeLb262VLMf617D5GjaK9txRGfcoYfXMBCX5QF+KfY46H3gvVRcY6n1/Gi9Xk1JIuZ33Ys5cXk7GG2+v27HLLsp1gvuDNn5M8Qt+/X57nze85ounYGBvtKbIpvyMaw17/OTBRLdFm+ZGZexOqwO8GuRmQgvhbW4dU1vSV8XveSU2e5CXlsswlggpv6hDN4WQ1WDJt5I9H3M7z0n3pQYfE1rlh+pFDhlQIDAQAB'
const RSA_768 =
  'MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhANM/ditaWnkDmsSmFY0Jk3C0ej4h3tzNiYYHyUU0HNo8pyFKySssukwC32laXSYH1IFcFnHJGFTVLVpZWTniAaHm0icar3V/+z44wbbn0TLaWZu6opjTtZsMmTQwAjlHPQIDAQAB'

const RELAY: Zone = {
  'smtp.relay.test': { A: ['192.0.2.10'] },
  'spf.relay.test': { TXT: ['v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all'] },
}
const servers: DnsServer[] = []
after(() => Promise.all(servers.map((server) => server.close())))

async function resolverOf(zone: Zone) {
  const server = await startDnsServer({ ...RELAY, ...zone })
  servers.push(server)
  return server.resolver
}

describe('the doctor looks at the domain of MAIL_FROM', () => {
  const spfOf = async (record: string, zone: Zone = {}) =>
    checkSpf(
      await resolverOf({ 'sign.test': { TXT: [record] }, ...zone }),
      'sign.test',
      'smtp.relay.test',
    )

  for (const record of [
    'v=spf1 include:spf.relay.test -all',
    'v=spf1 redirect=spf.relay.test',
    'v=spf1 a:smtp.relay.test ~all',
    'v=spf1 mx/24 ?all',
    'v=spf1 ip4:192.0.2.10 -all',
  ]) {
    it(`whose SPF record allows the relay: ${record}`, async () => {
      const zone = { 'mx.sign.test': { A: ['192.0.2.99'] } }
      const finding = await spfOf(record, {
        ...zone,
        'sign.test': { TXT: [record], MX: ['10 mx.sign.test'] },
      })
      assert.equal(finding.state, 'ok', finding.found)
      assert.match(finding.found, /allows smtp\.relay\.test/)
    })
  }

  for (const [record, found] of [
    ['v=spf1 +all', /"\+all" allows everybody/],
    ['v=spf1 include:nobody.test -all', /nobody\.test, which it includes, has no SPF record/],
    ['v=spf1 ipv4:192.0.2.10 -all', /"ipv4:192\.0\.2\.10", which is no part of SPF/],
    ['v=spf1 ip4:192.0.2.300 -all', /no part of SPF/],
    ['v=spf1 include:loop.test -all', /more than 10 look-ups/],
  ] as const) {
    it(`whose SPF record receivers refuse: ${record}`, async () => {
      const finding = await spfOf(record, {
        'loop.test': { TXT: ['v=spf1 include:loop.test -all'] },
      })
      assert.equal(finding.state, 'fault')
      assert.match(finding.found, found)
      assert.ok(finding.remedy)
    })
  }

  it('that has no SPF record, or two', async () => {
    const none = await checkSpf(await resolverOf({}), 'sign.test', 'smtp.relay.test')
    assert.equal(none.state, 'fault')
    const two = await resolverOf({ 'sign.test': { TXT: ['v=spf1 -all', 'other', 'v=spf1 ~all'] } })
    assert.match((await checkSpf(two, 'sign.test', null)).found, /2 SPF records/)
  })

  it('and does not claim to know from which addresses a relay sends', async () => {
    const finding = await spfOf('v=spf1 ip4:198.51.100.0/24 -all')
    assert.equal(finding.state, 'unchecked')
    assert.match(finding.found, /may send from others/)
  })

  it('for DMARC, at the domain or above it', async () => {
    const dmarc = async (zone: Zone) => checkDmarc(await resolverOf(zone), 'mail.sign.test')
    const above = await dmarc({ '_dmarc.sign.test': { TXT: ['v=DMARC1; p=quarantine; adkim=s'] } })
    assert.equal(above.state, 'ok')
    assert.match(above.found, /p=quarantine at _dmarc\.sign\.test, if .*adkim=s/)
    assert.equal((await dmarc({})).state, 'fault')
    assert.equal(
      (await dmarc({ '_dmarc.sign.test': { TXT: ['v=DMARC1; p=maybe'] } })).state,
      'fault',
    )
  })

  it('for DKIM keys: usual selectors are guesses, a given one is not', async () => {
    const zone = {
      's1._domainkey.sign.test': { TXT: [`v=DKIM1; k=rsa; p=${RSA_2048}`] },
      'weak._domainkey.sign.test': { TXT: [`v=DKIM1; p=${RSA_768}`] },
      'gone._domainkey.sign.test': { TXT: ['v=DKIM1; p='] },
    }
    const dkim = async (selector: string | null, each: Zone = zone) =>
      checkDkim(await resolverOf(each), 'sign.test', selector)
    assert.deepEqual([(await dkim(null)).state, (await dkim('s1')).state], ['ok', 'ok'])
    assert.equal((await dkim(null, {})).state, 'unchecked')
    assert.match((await dkim('typo')).found, /typo\._domainkey\.sign\.test has no key/)
    assert.match((await dkim('weak')).found, /768 bits/)
    assert.match((await dkim('gone')).found, /revoked/)
  })

  it('for a server that takes answers', async () => {
    const mx = async (zone: Zone) => checkMx(await resolverOf(zone), 'sign.test')
    const there = { 'mx.sign.test': { AAAA: ['2001:db8::25'] } }
    assert.equal((await mx({ 'sign.test': { MX: ['10 mx.sign.test'] }, ...there })).state, 'ok')
    assert.equal((await mx({ 'sign.test': { A: ['192.0.2.1'] } })).state, 'ok')
    assert.match((await mx({})).found, /takes no mail/)
    assert.match((await mx({ 'sign.test': { MX: ['0 .'] } })).found, /RFC 7505/)
    assert.match(
      (await mx({ 'sign.test': { MX: ['10 lost.test'] } })).found,
      /lost\.test has no address/,
    )
  })
})
