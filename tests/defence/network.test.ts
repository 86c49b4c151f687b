import assert from 'node:assert/strict'
import { it } from 'node:test'
import { networkOf } from '../../src/defence/network.ts'

it('an address belongs to a household and a neighbourhood, however it is written', () => {
  const cases: [string, string, string][] = [
    ['203.0.113.7', '4 203.0.113.7', '4 203.0.113'],
    ['::ffff:203.0.113.7', '4 203.0.113.7', '4 203.0.113'],
    ['2001:db8:1:2:3:4:5:6', '6 2001:db8:1:2', '6 2001:db8:1'],
    ['2001:0DB8:0001:0002::1', '6 2001:db8:1:2', '6 2001:db8:1'],
    ['2001:db8::1', '6 2001:db8:0:0', '6 2001:db8:0'],
    ['2001:db8:1::', '6 2001:db8:1:0', '6 2001:db8:1'],
  ]
  for (const [address, host, net] of cases) assert.deepEqual(networkOf(address), { host, net })
})

it('addresses that many share, or that are none, tell nobody apart', () => {
  const shared = ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '172.31.0.9', '192.168.1.1']
  const more = ['100.64.0.1', '169.254.1.1', 'fe80::1%eth0', 'fd00::1', '::', '', 'unknown', '1.2']
  for (const address of [...shared, ...more]) assert.equal(networkOf(address), null, address)
})
